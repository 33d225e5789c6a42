import type { PolicySpec, SamplerSpec } from '../../policies/config/index.ts';
import { describeTrained, type TrainedPolicy } from '../../policies/network-policy.ts';
import type {
  DrawnChunks,
  Planner,
  PlannerOptions,
  Policy,
  PolicyDescription,
} from '../../policies/policy.ts';
import { Reader } from '../../policies/text/reader.ts';
import { InstructionError } from '../../policies/text/tokenizer.ts';

/** Draws with one network evaluation. */
export const ONE_STEP: SamplerSpec = { kind: 'euler', steps: 1 };

export const SCRIPTED_SPEC: PolicySpec = {
  task: 'left-right',
  controlHz: 20,
  objective: { kind: 'flow' },
  obsHorizon: 2,
  predHorizon: 32,
  network: { kind: 'unet', channels: [8, 16], kernel: 3, groups: 4, embedding: 16 },
};

/** Whose numbers are physical units: nothing is normalised. */
export const SCRIPTED_POLICY: TrainedPolicy = {
  method: 'flow',
  spec: SCRIPTED_SPEC,
  observationDim: 14,
  actionDim: 8,
  observationRange: { min: new Array(14).fill(-1), max: new Array(14).fill(1) },
  actionRange: { min: new Array(8).fill(-1), max: new Array(8).fill(1) },
  weights: new Float32Array(0),
};

/** The same in the task of two balls, with six words that it reads. */
export const SCRIPTED_READER: TrainedPolicy = {
  ...SCRIPTED_POLICY,
  spec: {
    ...SCRIPTED_SPEC,
    task: 'left-right-colour',
    condition: {
      width: 8,
      heads: 2,
      fusion: 1,
      text: {
        encoder: 'learned',
        vocabulary: ['apple', 'green', 'hand', 'me', 'red', 'the'],
        tokens: 16,
        layers: 1,
        dropRate: 0.1,
      },
      observed: [
        { name: 'state', size: 8 },
        { name: 'red', size: 3 },
        { name: 'green', size: 3 },
        { name: 'tcp', size: 3 },
      ],
    },
  },
  observationDim: 17,
  observationRange: { min: new Array(17).fill(-1), max: new Array(17).fill(1) },
};

/** What a script sees of one call: observation [B, To, Do] and starting noise [B, Tp, Da]. */
export interface ScriptInputs {
  readonly observation: Float32Array;
  readonly noise: Float32Array;
  /** What chunks go on from, [B, Tp, Da], and its weights, [B, Tp]; empty without inpainting. */
  readonly known: Float32Array;
  readonly weight: Float32Array;
}

/** Answers every call with chunks, [B, Tp, Da], physical units. */
export type Script = (inputs: ScriptInputs) => Float32Array;

/** A policy whose chunks a function of the test makes: no network, no engine. */
export class ScriptedPolicy implements Policy {
  readonly #script: Script;
  readonly #description: PolicyDescription;

  /** @param of what it says that it is. @default one of `left-right` that reads nothing */
  constructor(script: Script, of: TrainedPolicy = SCRIPTED_POLICY) {
    this.#script = script;
    this.#description = describeTrained(of);
  }

  describe(): PolicyDescription {
    return this.#description;
  }

  async prepare(batch: number, _options: PlannerOptions = {}): Promise<Planner> {
    const policy = this.#description;
    const { predHorizon, actionDim, condition } = policy;
    const reader = condition ? await Reader.create(condition.text) : null;
    const size = predHorizon * actionDim;
    return {
      policy,
      batch,
      nfe: 1,
      draw: async (observation, streams, { known } = {}): Promise<DrawnChunks> => {
        const noise = new Float32Array(batch * size);
        streams.forEach((stream, row) => {
          stream.fillNormal(noise.subarray(row * size, (row + 1) * size));
        });
        const began = performance.now();
        const chunk = this.#script({
          observation,
          noise,
          known: known?.actions ?? new Float32Array(0),
          weight: known?.weight ?? new Float32Array(0),
        });
        const times = { normalize: 0, network: performance.now() - began, denormalize: 0 };
        return { chunk, attention: [], states: [], times };
      },
      read: async (instruction) => {
        if (reader) return reader.read(instruction);
        throw new InstructionError(`instruction: this policy reads none, got "${instruction}"`);
      },
      dispose: async () => {},
    };
  }
}
