import { z } from 'zod';
import { methodNameSchema } from '../config/method-name.ts';
import { type PolicySpec, policySpecSchema } from '../config/policy.ts';
import { type TrainingSpec, trainingSpecSchema } from '../config/training.ts';
import { migrateMethod } from '../methods/index.ts';
import type { TrainedPolicy } from '../network-policy.ts';
import { createNetwork, networkShape } from '../networks/create.ts';
import type { ParameterTable } from '../networks/parameters.ts';
import { STATE } from '../training/step.ts';
import type { TrainingState } from '../training/trainer.ts';
import { finite, parse, parseState, stateTensors } from './metadata.ts';
import {
  CheckpointError,
  checkSeal,
  decodeSafetensors,
  encodeSafetensors,
  encodeSealed,
  MOST_HEADER_BYTES,
  sealOf,
  type TensorEntry,
} from './safetensors.ts';

/** Version of what the metadata says; other versions are refused. */
const FORMAT = '1';
/** Of checkpoints since they carry a digest of the whole file. Those of format 1 are still read. */
const SEALED_FORMAT = '2';

/** Components of observations and actions. */
const MOST = { observationDim: 256, actionDim: 64 };

const rangeSchema = z.strictObject({
  min: z.array(z.number()).max(MOST.observationDim),
  max: z.array(z.number()).max(MOST.observationDim),
});

const policySchema = z.strictObject({
  /** Absent in files of before checkpoints named it. */
  method: methodNameSchema.optional(),
  spec: policySpecSchema,
  observationDim: z.int().min(1).max(MOST.observationDim),
  actionDim: z.int().min(1).max(MOST.actionDim),
  observationRange: rangeSchema,
  actionRange: rangeSchema,
});

type Sized = Pick<TrainedPolicy, 'spec' | 'observationDim' | 'actionDim'>;

/** A run's state: the policy as it acts, and what training needs to go on. */
export interface TrainingCheckpoint {
  readonly policy: TrainedPolicy;
  readonly training: TrainingSpec;
  readonly state: TrainingState;
}

/** A checkpoint as it was read. */
export interface ReadCheckpoint extends TrainingCheckpoint {
  /** Sha-256 by which it vouches for itself; null for one of the first format, which does not. */
  readonly digest: string | null;
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
  checkUnsealed(metadata);
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

/** With a digest, so that any change of the file shows. */
export function encodeCheckpoint({ policy, training, state }: TrainingCheckpoint): Uint8Array {
  return encodeSealed({
    tensors: stateTensors(state),
    metadata: new Map([
      ['format', SEALED_FORMAT],
      ['policy', describePolicy(policy)],
      ['training', JSON.stringify(training)],
      ['step', String(state.step)],
    ]),
  });
}

/** @throws CheckpointError */
export function decodeCheckpoint(bytes: Uint8Array): ReadCheckpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const digest = readDigest(bytes, metadata);
  const description = parsePolicy(metadata, digest === null ? FORMAT : SEALED_FORMAT);
  const training = parse(trainingSpecSchema, metadata, 'training');
  const state = parseState({ tensors, metadata }, tableOf(description).size);
  return { policy: { ...description, weights: state.vectors.ema }, training, state, digest };
}

/** The digest of a checkpoint that is what was written; null for one that has none to have. */
function readDigest(bytes: Uint8Array, metadata: ReadonlyMap<string, string>): string | null {
  if (metadata.get('format') === SEALED_FORMAT) return checkSeal(bytes, metadata);
  checkUnsealed(metadata);
  return null;
}

/** Whoever has a digest and says that his format has none was changed. */
function checkUnsealed(metadata: ReadonlyMap<string, string>): void {
  const digest = sealOf(metadata);
  if (digest === undefined) return;
  const format = metadata.get('format') ?? 'none';
  throw new CheckpointError(
    `checkpoint: expected no sha-256 in format ${format.slice(0, 20)}, got ${digest.slice(0, 80)}; ` +
      'the file is damaged',
  );
}

/**
 * What a checkpoint of such a policy holds at most, bytes: to be asked before one is read.
 *
 * @throws CheckpointError where there is no such network
 * @cost declares the network's parameters, no numbers
 */
export function checkpointBound(spec: PolicySpec): number {
  const observed = spec.condition?.observed.reduce((total, { size }) => total + size, 0);
  const table = tableOf({ spec, ...MOST, ...(observed && { observationDim: observed }) });
  return MOST_HEADER_BYTES + STATE.length * Float32Array.BYTES_PER_ELEMENT * table.size;
}

/** @throws CheckpointError where there is no such network */
function tableOf(policy: Sized): ParameterTable {
  try {
    return createNetwork(policy.spec, networkShape(policy.spec, policy)).table;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new CheckpointError(`checkpoint: ${cause.message}; the file is damaged`, { cause });
  }
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
  const { method, spec, observationDim, actionDim, observationRange, actionRange } = policy;
  return JSON.stringify({ method, spec, observationDim, actionDim, observationRange, actionRange });
}

function parsePolicy(metadata: ReadonlyMap<string, string>, known = FORMAT) {
  const format = metadata.get('format');
  if (format !== known) {
    throw new CheckpointError(
      `checkpoint: expected format ${known}, got ${format ?? 'none'}; ` +
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
  return { ...policy, method: policy.method ?? migrateMethod(policy.spec) };
}
