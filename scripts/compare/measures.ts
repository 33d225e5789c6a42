import type { RolloutMeasures } from '../../server/evaluation/evaluate.ts';
import { percent } from '../table.ts';

/** What tables say of rollouts besides success. */
export function measureHeads(modes: string): string[] {
  return ['contact', modes, 'H(mode)', 'H(mode|start)', 'between modes', 'switches'];
}

/** @param repeats whether a start has several rollouts: one says nothing of how much its outcomes vary */
export function measureCells(
  measures: Pick<
    RolloutMeasures,
    'contact' | 'modes' | 'modeEntropy' | 'conditionalEntropy' | 'invalidMiddle' | 'modeSwitchRate'
  >,
  repeats: boolean,
): string[] {
  return [
    percent(measures.contact.rate),
    Object.values(measures.modes).join('/'),
    measures.modeEntropy.toFixed(2),
    repeats ? measures.conditionalEntropy.toFixed(2) : '–',
    percent(measures.invalidMiddle.rate),
    percent(measures.modeSwitchRate),
  ];
}

/** How smoothly the joints have moved. */
export const SMOOTHNESS_HEADS = ['seam Δv', 'jerk', 'jerk max'] as const;

/** rad/s, rad/s³, rad/s³ */
export function smoothnessCells({
  seamVelocity,
  jerk,
}: Pick<RolloutMeasures, 'seamVelocity' | 'jerk'>): string[] {
  return [
    seamVelocity?.mean.toFixed(3) ?? '–',
    jerk?.mean.toFixed(1) ?? '–',
    jerk?.max.toFixed(0) ?? '–',
  ];
}
