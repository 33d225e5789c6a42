import type { ConditionSpec, PolicySpec } from '../../policies/config/index.ts';
import type { TrainedPolicy } from '../../policies/network-policy.ts';
import { createNetwork, networkShape } from '../../policies/networks/create.ts';
import { Random } from '../../policies/random.ts';
import { TINY_SPEC, tinyPolicy } from './tiny-policy.ts';

/** Reads six words and observes two things. */
export const TINY_CONDITION: ConditionSpec = {
  width: 8,
  heads: 2,
  fusion: 1,
  text: {
    encoder: 'learned',
    vocabulary: ['apple', 'green', 'me', 'red', 'the'],
    tokens: 6,
    layers: 1,
    dropRate: 0.25,
  },
  observed: [
    { name: 'state', size: 1 },
    { name: 'red', size: 2 },
  ],
};

export const TINY_READER_SPEC: PolicySpec = { ...TINY_SPEC, condition: TINY_CONDITION };

/** As the tiny policy, with words to read; it has learnt nothing yet. */
export function tinyReader(
  objective: PolicySpec['objective'] = { kind: 'flow' },
  condition: ConditionSpec = TINY_CONDITION,
  network: PolicySpec['network'] = TINY_SPEC.network,
): TrainedPolicy {
  const policy = tinyPolicy(objective, network);
  const spec = { ...policy.spec, condition };
  const { table } = createNetwork(spec, networkShape(spec, policy));
  return { ...policy, spec, weights: table.initialize(Random.of(8)) };
}

export const TINY_READER_SHAPE = networkShape(TINY_READER_SPEC, tinyPolicy());
