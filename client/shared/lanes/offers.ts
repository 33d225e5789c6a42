import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { NamedEncoder } from '../../../server/protocol/events.ts';
import type { PolicySource, Run, ShippedPolicy } from '../../../server/protocol/index.ts';
import { type MethodName, SHIPPED } from '../../../server/protocol/policies.ts';
import { sameSource } from '../../../server/protocol/sources.ts';

/** A trained policy that can act, or could if the server were given what it reads with. */
export interface Offer {
  readonly source: PolicySource;
  readonly name: MethodName;
  readonly spec: ShippedPolicy['spec'];
  /** Null for a checkpoint that ships. */
  readonly run: Run | null;
  /** The text encoder that it reads with and the server was not given: it cannot act; null where it can. */
  readonly lacks: string | null;
}

export interface Offers {
  /** Those that ship, then runs with a checkpoint, newest first. */
  readonly all: ReadonlySignal<readonly Offer[]>;
  /** The server has told of those that ship, and of runs. */
  readonly told: ReadonlySignal<boolean>;
  /** @returns null for what the server has not told of */
  find(source: PolicySource): Offer | null;
  /** Takes what the server says that ships, and what policies can read with there. */
  replace(shipped: readonly ShippedPolicy[], encoder?: NamedEncoder | null): void;
}

export function createOffers(runs: {
  readonly all: ReadonlySignal<readonly Run[] | null>;
}): Offers {
  const shipped = signal<readonly ShippedPolicy[] | null>(null);
  const encoder = signal<NamedEncoder | null>(null);
  const lacking = (spec: ShippedPolicy['spec']) => lackingOf(spec, encoder.value);
  const all = computed((): readonly Offer[] => [
    ...(shipped.value ?? []).map(({ name, spec }) => {
      const source = { kind: 'shipped' as const, name };
      return { source, name: SHIPPED[name], spec, run: null, lacks: lacking(spec) };
    }),
    ...(runs.all.value ?? [])
      .filter(({ step }) => step > 0)
      .map((run) => {
        const source = { kind: 'run' as const, id: run.id };
        return { source, name: run.policy, spec: run.spec, run, lacks: lacking(run.spec) };
      }),
  ]);
  return {
    all,
    told: computed(() => shipped.value !== null && runs.all.value !== null),
    find: (source) => all.value.find((offer) => sameSource(offer.source, source)) ?? null,
    replace(policies, given = null) {
      encoder.value = given;
      shipped.value = policies;
    },
  };
}

/** Name of the encoder that a policy reads with and the one that there is is not. */
function lackingOf(
  { condition }: ShippedPolicy['spec'],
  encoder: NamedEncoder | null,
): string | null {
  const text = condition?.text;
  if (text?.encoder !== 'pretrained') return null;
  const isThere = encoder?.model === text.model && encoder.tokenizer === text.tokenizer;
  return isThere ? null : text.name;
}
