import type { ConditionKind, NfeRange, RegisteredPolicy } from '../policies/config/index.ts';

export const POLICY_COLUMNS = ['policy', 'learns', 'samplers, network calls', 'reads'] as const;

const READS: Readonly<Record<ConditionKind, string>> = {
  none: 'numbers',
  text: 'words',
  'text+image': 'a picture',
};

/** A policy of the registry as a row under `POLICY_COLUMNS`. */
export function policyRow({ name, learns, samplers, conditions }: RegisteredPolicy): string[] {
  return [
    name,
    learns,
    samplers.map(({ kind, nfe }) => `${kind} ${calls(nfe)}`).join(', '),
    conditions.map((kind) => READS[kind]).join(', '),
  ];
}

/** "100", or "1–100 (10)" with the default in brackets. */
function calls({ least, most, step, usual }: NfeRange): string {
  if (least === most) return String(most);
  return `${step === 2 ? 'odd ' : ''}${least}–${most} (${usual})`;
}
