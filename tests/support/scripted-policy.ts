import type { PolicySpec, SamplerSpec } from '../../policies/config/index.ts';
import type { Engine } from '../../policies/engine/index.ts';
import { Planner, type PlannerOptions, type TrainedPolicy } from '../../policies/policy.ts';
import { createPlan } from '../../policies/samplers/index.ts';

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

/** An engine that runs no network: a script answers every call with chunks, [B, Tp, Da]. */
export function scriptedEngine(script: (inputs: ScriptInputs) => Float32Array): Engine {
  return {
    name: 'scripted',
    threads: 1,
    compile: async () => ({
      outputShapes: {},
      run: async (inputs) => {
        const of = (name: string) => {
          const data = inputs[name] ?? new Float32Array(0);
          if (data instanceof Float32Array) return data;
          throw new Error(`expected ${name} as f32`);
        };
        return {
          chunk: script({
            observation: of('observation'),
            noise: of('noise'),
            known: of('known'),
            weight: of('weight'),
          }),
        };
      },
      dispose: async () => {},
    }),
  };
}

export function scriptedPlanner(
  batch: number,
  script: (inputs: ScriptInputs) => Float32Array,
  options: PlannerOptions = {},
  policy = SCRIPTED_POLICY,
): Promise<Planner> {
  const plan = createPlan(policy.spec.objective, ONE_STEP);
  return Planner.create(scriptedEngine(script), policy, plan, batch, options);
}
