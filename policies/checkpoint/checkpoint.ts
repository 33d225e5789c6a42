import { z } from 'zod';
import { createNetwork, networkShape } from '../networks/create.ts';
import type { ParameterTable } from '../networks/parameters.ts';
import type { TrainedPolicy } from '../policy.ts';
import { explainIssues } from '../spec/issues.ts';
import { policySpecSchema } from '../spec/policy.ts';
import { type TrainingSpec, trainingSpecSchema } from '../spec/training.ts';
import { STATE } from '../training/step.ts';
import type { TrainingState } from '../training/trainer.ts';
import {
  CheckpointError,
  decodeSafetensors,
  encodeSafetensors,
  type TensorEntry,
} from './safetensors.ts';

/** Version of what the metadata says; other versions are refused. */
const FORMAT = '1';

const rangeSchema = z.strictObject({
  min: z.array(z.number()).max(256),
  max: z.array(z.number()).max(256),
});

const policySchema = z.strictObject({
  spec: policySpecSchema,
  observationDim: z.int().min(1).max(256),
  actionDim: z.int().min(1).max(64),
  observationRange: rangeSchema,
  actionRange: rangeSchema,
});

/** A run's state: the policy as it acts, and what training needs to go on. */
export interface TrainingCheckpoint {
  readonly policy: TrainedPolicy;
  readonly training: TrainingSpec;
  readonly state: TrainingState;
}

/** A policy alone, its averaged weights split into the network's named parameters. */
export function encodePolicy(policy: TrainedPolicy): Uint8Array {
  return encodeSafetensors({
    tensors: namedParameters(policy),
    metadata: new Map([
      ['format', FORMAT],
      ['policy', describePolicy(policy)],
    ]),
  });
}

/** @throws CheckpointError */
export function decodePolicy(bytes: Uint8Array): TrainedPolicy {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const description = parsePolicy(metadata);
  const table = tableOf(description);
  const weights = new Float32Array(table.size);
  let offset = 0;
  for (const { name, shape } of table.specs) {
    const entry = tensors.get(name);
    if (!entry || entry.shape.join() !== shape.join()) {
      throw new CheckpointError(
        `checkpoint: expected the parameter "${name}" of shape [${shape}], ` +
          `got ${entry ? `[${entry.shape}]` : 'none'}`,
      );
    }
    weights.set(entry.data, offset);
    offset += entry.data.length;
  }
  return { ...description, weights: finite(weights) };
}

export function encodeCheckpoint({ policy, training, state }: TrainingCheckpoint): Uint8Array {
  return encodeSafetensors({
    tensors: new Map(
      STATE.map((name) => {
        const data = state.vectors[name];
        return [name, { shape: [data.length], data }];
      }),
    ),
    metadata: new Map([
      ['format', FORMAT],
      ['policy', describePolicy(policy)],
      ['training', JSON.stringify(training)],
      ['step', String(state.step)],
    ]),
  });
}

/** @throws CheckpointError */
export function decodeCheckpoint(bytes: Uint8Array): TrainingCheckpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const description = parsePolicy(metadata);
  const training = parse(trainingSpecSchema, metadata, 'training');
  const step = parse(z.int().min(0), metadata, 'step');
  const { size } = tableOf(description);
  const vector = (name: string): Float32Array => {
    const entry = tensors.get(name);
    if (entry?.data.length !== size) {
      throw new CheckpointError(
        `checkpoint: expected "${name}" with ${size} numbers, got ${entry?.data.length ?? 'none'}`,
      );
    }
    return finite(entry.data);
  };
  const vectors = {
    weights: vector('weights'),
    moment1: vector('moment1'),
    moment2: vector('moment2'),
    ema: vector('ema'),
  };
  return {
    policy: { ...description, weights: vectors.ema },
    training,
    state: { step, vectors },
  };
}

function tableOf(policy: Omit<TrainedPolicy, 'weights'>): ParameterTable {
  return createNetwork(policy.spec, networkShape(policy.spec, policy)).table;
}

function namedParameters(policy: TrainedPolicy): Map<string, TensorEntry> {
  const table = tableOf(policy);
  let offset = 0;
  return new Map(
    table.specs.map(({ name, shape }) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const data = policy.weights.subarray(offset, offset + size);
      offset += size;
      return [name, { shape, data }];
    }),
  );
}

function describePolicy(policy: TrainedPolicy): string {
  const { spec, observationDim, actionDim, observationRange, actionRange } = policy;
  return JSON.stringify({ spec, observationDim, actionDim, observationRange, actionRange });
}

function parsePolicy(metadata: ReadonlyMap<string, string>) {
  const format = metadata.get('format');
  if (format !== FORMAT) {
    throw new CheckpointError(
      `checkpoint: expected format ${FORMAT}, got ${format ?? 'none'}; ` +
        'it was written by another version of forking-paths, or by another program',
    );
  }
  const policy = parse(policySchema, metadata, 'policy');
  for (const [range, size] of [
    [policy.observationRange, policy.observationDim],
    [policy.actionRange, policy.actionDim],
  ] as const) {
    if (range.min.length !== size || range.max.length !== size) {
      throw new CheckpointError(
        `checkpoint: expected ranges of ${size} components, ` +
          `got ${range.min.length} and ${range.max.length}`,
      );
    }
  }
  return policy;
}

function parse<T>(schema: z.ZodType<T>, metadata: ReadonlyMap<string, string>, key: string): T {
  let json: unknown;
  try {
    json = JSON.parse(metadata.get(key) ?? 'null');
  } catch (cause) {
    throw new CheckpointError(`checkpoint: "${key}" is no JSON`, { cause });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new CheckpointError(`checkpoint: "${key}": ${explainIssues(result.error)}`);
}

function finite(data: Float32Array): Float32Array {
  if (data.every(Number.isFinite)) return data;
  throw new CheckpointError('checkpoint: expected finite weights, got NaN or infinity');
}
