import { loadRuntime, openOnOneThread } from '../engine/runtime.ts';
import type { Planner, PlannerOptions, Policy, PolicyDescription } from '../policy.ts';
import { refuseOptions } from '../refuse-options.ts';
import { failed } from './failed.ts';
import { type OnnxFacts, sideOf } from './inspect.ts';
import { OnnxPlanner } from './planner.ts';
import type { Robot } from './units.ts';

/** A policy with its sampler and units in an ONNX file: one that `export` wrote, or anyone's with a manifest. */
export class OnnxPolicy implements Policy {
  readonly #bytes: Uint8Array;
  readonly #facts: OnnxFacts;
  readonly #robot: Robot;

  /** @param facts as `inspectOnnx` found them */
  constructor(bytes: Uint8Array, facts: OnnxFacts, robot: Robot) {
    this.#bytes = bytes;
    this.#facts = facts;
    this.#robot = robot;
  }

  describe(): PolicyDescription {
    return describeOnnx(this.#facts);
  }

  /**
   * @throws SpecError for what was decided when the file was written
   * @throws OnnxPolicyError for one that ONNX Runtime does not take
   */
  async prepare(batch: number, options: PlannerOptions = {}): Promise<Planner> {
    refuseOptions(options, 'an ONNX file');
    const runtime = await loadRuntime();
    const session = await openOnOneThread(runtime, this.#bytes).catch((cause: unknown) => {
      throw failed('a model that it takes', cause);
    });
    const model = { facts: this.#facts, robot: this.#robot, runtime, session };
    return new OnnxPlanner(batch, this.describe(), model);
  }
}

export function describeOnnx(facts: OnnxFacts): PolicyDescription {
  const { manifest, feeds, observationDim, actionDim, parameters } = facts;
  const image = feeds.find(({ is }) => is === 'image');
  return {
    name: manifest.name,
    task: manifest.task,
    controlHz: manifest.control_hz,
    objective: null,
    obsHorizon: manifest.observation_horizon,
    predHorizon: manifest.prediction_horizon,
    observationDim,
    actionDim,
    parameters,
    abilities: {
      noise: feeds.some(({ is }) => is === 'noise'),
      instructions: feeds.some(({ is }) => is === 'instruction'),
      picture: image ? sideOf(image) : null,
      guidance: false,
      inpainting: false,
    },
  };
}
