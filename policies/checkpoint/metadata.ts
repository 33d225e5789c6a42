import { z } from 'zod';
import { explainIssues } from '../config/issues.ts';
import { STATE } from '../training/step.ts';
import type { TrainingState } from '../training/trainer.ts';
import { CheckpointError, type Safetensors, type TensorEntry } from './safetensors.ts';

/**
 * A value that a checkpoint's metadata hold as JSON.
 *
 * @throws CheckpointError where it is not what the schema says
 */
export function parse<T>(schema: z.ZodType<T>, metadata: Safetensors['metadata'], key: string): T {
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

/** @throws CheckpointError for a number that is none */
export function finite(data: Float32Array): Float32Array {
  // Without a call for each number: a start reads millions of them.
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new CheckpointError(`checkpoint: expected finite weights, got ${data[i]} at ${i}`);
  }
  return data;
}

/** The vectors of a training state, as a checkpoint holds them. */
export function stateTensors({ vectors }: TrainingState): Map<string, TensorEntry> {
  return new Map(
    STATE.map((name) => {
      const data = vectors[name];
      return [name, { shape: [data.length], data }];
    }),
  );
}

/** @throws CheckpointError for a vector of another size, and for one of numbers that are none */
export function parseVector(
  tensors: Safetensors['tensors'],
  name: string,
  size: number,
): Float32Array {
  const entry = tensors.get(name);
  if (entry?.data.length === size) return finite(entry.data);
  throw new CheckpointError(
    `checkpoint: expected "${name}" with ${size} numbers, got ${entry?.data.length ?? 'none'}`,
  );
}

/**
 * And back.
 *
 * @param size of each, as the network's table has it
 * @throws CheckpointError for vectors of another size
 */
export function parseState({ tensors, metadata }: Safetensors, size: number): TrainingState {
  const step = parse(z.int().min(0), metadata, 'step');
  const vector = (name: string) => parseVector(tensors, name, size);
  return {
    step,
    vectors: {
      weights: vector('weights'),
      moment1: vector('moment1'),
      moment2: vector('moment2'),
      ema: vector('ema'),
    },
  };
}
