import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadRuntime, openOnOneThread, RUNTIME_NAME, type Runtime } from '../engine/runtime.ts';
import { abilitiesOf, notFinite, refuseReading, refuseTold } from '../numbers-only.ts';
import type {
  DrawnChunks,
  Planner,
  PlannerOptions,
  Policy,
  PolicyDescription,
  Told,
} from '../policy.ts';
import { type NoiseStream, noiseOfRows } from '../random.ts';
import { refuseOptions } from '../refuse-options.ts';
import { OnnxPolicyError } from './error.ts';
import type { OnnxFacts } from './inspect.ts';

/** A policy with its sampler and units in an ONNX file: one that `export` wrote, or another like it. */
export class OnnxPolicy implements Policy {
  readonly #bytes: Uint8Array;
  readonly #facts: OnnxFacts;

  /** @param facts as `inspectOnnx` found them */
  constructor(bytes: Uint8Array, facts: OnnxFacts) {
    this.#bytes = bytes;
    this.#facts = facts;
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
    return new OnnxPlanner(batch, this.#facts, runtime, session);
  }
}

export function describeOnnx(facts: OnnxFacts): PolicyDescription {
  const { batch: _, noise, freshNoise: __, ...described } = facts;
  return {
    ...described,
    name: 'onnx',
    objective: null,
    abilities: abilitiesOf(noise),
  };
}

/** What ONNX Runtime says, cut to its first line. */
function failed(expected: string, cause: unknown): OnnxPolicyError {
  const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return new OnnxPolicyError(
    `${RUNTIME_NAME}: expected ${expected}, got "${reason.slice(0, 300)}"; export it again`,
    { cause },
  );
}

class OnnxPlanner implements Planner {
  readonly policy: PolicyDescription;
  readonly batch: number;
  /** The file does not say; it is run once. */
  readonly nfe = 1;
  readonly #facts: OnnxFacts;
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;

  constructor(batch: number, facts: OnnxFacts, runtime: Runtime, session: InferenceSession) {
    this.policy = describeOnnx(facts);
    this.batch = batch;
    this.#facts = facts;
    this.#runtime = runtime;
    this.#session = session;
  }

  async draw(
    observation: Float32Array,
    streams: readonly NoiseStream[],
    told: Told = {},
  ): Promise<DrawnChunks> {
    refuseTold(told);
    const { obsHorizon, observationDim, predHorizon, actionDim } = this.#facts;
    const seen = obsHorizon * observationDim;
    const size = predHorizon * actionDim;
    const rows = this.#facts.batch ?? this.batch;
    const began = performance.now();
    const chunk = new Float32Array(this.batch * size);
    for (let from = 0; from < this.batch; from += rows) {
      const to = Math.min(this.batch, from + rows);
      const given = new Float32Array(rows * seen);
      given.set(observation.subarray(from * seen, to * seen));
      const actions = await this.#run(given, streams.slice(from, to), rows);
      chunk.set(actions.subarray(0, (to - from) * size), from * size);
    }
    return {
      chunk,
      attention: [],
      states: [],
      times: { normalize: 0, network: performance.now() - began, denormalize: 0 },
      failures: notFinite(chunk, this.batch),
    };
  }

  async read(instruction: string): Promise<never> {
    return refuseReading(instruction);
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  async #run(
    observation: Float32Array,
    streams: readonly NoiseStream[],
    rows: number,
  ): Promise<Float32Array> {
    const { obsHorizon, observationDim, predHorizon, actionDim, noise, freshNoise } = this.#facts;
    const chunk = [rows, predHorizon, actionDim];
    const draw = () => noiseOfRows(streams, rows, predHorizon * actionDim);
    const feeds: Record<string, Tensor> = {
      observation: new this.#runtime.Tensor('float32', observation, [
        rows,
        obsHorizon,
        observationDim,
      ]),
    };
    if (noise) feeds.noise = new this.#runtime.Tensor('float32', draw(), chunk);
    if (freshNoise > 0) {
      const fresh = new Float32Array(freshNoise * rows * predHorizon * actionDim);
      for (let i = 0; i < freshNoise; i++) fresh.set(draw(), (i * fresh.length) / freshNoise);
      feeds.fresh_noise = new this.#runtime.Tensor('float32', fresh, [freshNoise, ...chunk]);
    }
    const { action } = await this.#session.run(feeds).catch((cause: unknown) => {
      throw failed('actions', cause);
    });
    if (action.data instanceof Float32Array && String(action.dims) === String(chunk)) {
      return action.data;
    }
    throw failed(`actions [${chunk}]`, `${action.type} [${action.dims}]`);
  }
}
