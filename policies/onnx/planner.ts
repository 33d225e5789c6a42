import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Runtime } from '../engine/runtime.ts';
import { notFinite, refuseReading, refuseTold } from '../numbers-only.ts';
import {
  type DrawnChunks,
  ImageError,
  type Planner,
  type PolicyDescription,
  type ReadInstruction,
  type Told,
} from '../policy.ts';
import type { NoiseStream } from '../random.ts';
import { Tokenizer } from '../text/tokenizer.ts';
import { failed } from './failed.ts';
import { isColourFirst, type OnnxFacts, type OnnxFeed, sideOf, widthOf } from './inspect.ts';
import { fromFile, type Robot, toFile } from './units.ts';

/** What one run of the model is about. */
interface Asked {
  readonly rows: number;
  /** [given, To, Do]: of as many rows as are wanted; those beyond are blank */
  readonly observation: Float32Array;
  readonly streams: readonly NoiseStream[];
  readonly instructions: readonly string[];
  readonly images: Uint8Array | undefined;
}

export interface OpenModel {
  readonly facts: OnnxFacts;
  readonly robot: Robot;
  readonly runtime: Runtime;
  readonly session: InferenceSession;
}

/** Draws chunks from a model that is open. */
export class OnnxPlanner implements Planner {
  readonly policy: PolicyDescription;
  readonly batch: number;
  /** The file does not say; it is run once. */
  readonly nfe = 1;
  readonly #model: OpenModel;
  readonly #tokenizer: Tokenizer | null;

  constructor(batch: number, policy: PolicyDescription, model: OpenModel) {
    this.policy = policy;
    this.batch = batch;
    this.#model = model;
    const text = model.facts.feeds.find(({ is }) => is === 'instruction');
    this.#tokenizer = text?.words ? new Tokenizer(text.words, text.extents[1] ?? 1) : null;
  }

  async draw(
    observation: Float32Array,
    streams: readonly NoiseStream[],
    told: Told = {},
  ): Promise<DrawnChunks> {
    const { obsHorizon, observationDim, predHorizon, actionDim } = this.policy;
    const bytes = this.#checkTold(told);
    const seen = obsHorizon * observationDim;
    const size = predHorizon * actionDim;
    const rows = this.#model.facts.batch ?? this.batch;
    const began = performance.now();
    const chunk = new Float32Array(this.batch * size);
    for (let from = 0; from < this.batch; from += rows) {
      const to = Math.min(this.batch, from + rows);
      const given = observation.subarray(from * seen, to * seen);
      const actions = await this.#run({
        rows,
        observation: given,
        streams: streams.slice(from, to),
        instructions: (told.instructions ?? []).slice(from, to),
        images: told.images?.subarray(from * bytes, to * bytes),
      });
      chunk.set(this.#plansOf(actions, given, to - from), from * size);
    }
    return {
      chunk,
      attention: [],
      states: [],
      times: { normalize: 0, network: performance.now() - began, denormalize: 0 },
      failures: notFinite(chunk, this.batch),
    };
  }

  async read(instruction: string): Promise<ReadInstruction> {
    return this.#tokenizer ? this.#tokenizer.tokenize(instruction) : refuseReading(instruction);
  }

  async dispose(): Promise<void> {
    await this.#model.session.release();
  }

  /** @returns bytes of a picture. @throws InstructionError, ImageError for what it cannot be told */
  #checkTold(told: Told): number {
    const { instructions = [], images } = told;
    const { picture } = this.policy.abilities;
    refuseTold({
      ...(this.#tokenizer ? {} : { instructions }),
      ...(picture === null && images && { images }),
    });
    const bytes = 3 * (picture ?? 0) ** 2;
    if ((images?.length ?? 0) === this.batch * bytes) return bytes;
    throw new ImageError(
      `image: expected ${this.batch} pictures of ${picture} × ${picture} × 3 bytes, got ` +
        `${images?.length ?? 0} bytes`,
    );
  }

  async #run(asked: Asked): Promise<Float32Array> {
    const { facts, runtime, session } = this.#model;
    const feeds: Record<string, Tensor> = {};
    for (const feed of facts.feeds) {
      const dims = feed.extents.map((extent) => extent ?? asked.rows);
      if (feed.is === 'instruction') {
        const ids = this.#tokens(asked);
        feeds[feed.name] = feed.wide
          ? new runtime.Tensor('int64', BigInt64Array.from(ids, BigInt), dims)
          : new runtime.Tensor('int32', Int32Array.from(ids), dims);
      } else {
        feeds[feed.name] = new runtime.Tensor('float32', this.#numbers(feed, dims, asked), dims);
      }
    }
    const results = await session.run(feeds).catch((cause: unknown) => {
      throw failed('actions', cause);
    });
    const { output } = facts.manifest;
    const actions = results[output.name];
    const expected = [asked.rows, facts.outputRows, facts.actionDim];
    if (actions.data instanceof Float32Array && String(actions.dims) === String(expected)) {
      return actions.data;
    }
    throw failed(`actions [${expected}]`, `${actions.type} [${actions.dims}]`);
  }

  #numbers(feed: OnnxFeed, dims: readonly number[], asked: Asked): Float32Array {
    const { facts, robot } = this.#model;
    const { manifest } = facts;
    const out = new Float32Array(dims.reduce((product, extent) => product * extent, 1));
    if (feed.is === 'noise') return drawn(out, feed.row_axis, dims, asked.streams);
    if (feed.is === 'image') {
      pixels(out, feed, asked.images ?? new Uint8Array());
      return toFile(out, feed, { manifest, robot, isRobot: false, width: 1 });
    }
    const { observationDim } = this.policy;
    const width = widthOf(feed, manifest.observation_horizon);
    const begin = feed.is === 'observation.environment_state' ? observationDim - width : 0;
    const steps = asked.observation.length / observationDim;
    for (let step = 0; step < steps; step++) {
      const at = step * observationDim + begin;
      out.set(asked.observation.subarray(at, at + width), step * width);
    }
    const isRobot = feed.is !== 'observation.environment_state';
    toFile(out.subarray(0, steps * width), feed, { manifest, robot, isRobot, width });
    return out;
  }

  #tokens({ rows, instructions }: Asked): Float32Array {
    const read = Array.from({ length: rows }, (_, i) => {
      return this.#tokenizer?.tokenize(instructions[i] ?? '').ids ?? new Float32Array();
    });
    return Float32Array.from(read.flatMap((ids) => [...ids]));
  }

  /** The rows that are wanted, from now on, as what the arm is to do. */
  #plansOf(actions: Float32Array, observation: Float32Array, wanted: number): Float32Array {
    const { facts, robot } = this.#model;
    const { output } = facts.manifest;
    const { obsHorizon, observationDim, predHorizon, actionDim } = this.policy;
    const size = predHorizon * actionDim;
    const plans = new Float32Array(wanted * size);
    for (let row = 0; row < wanted; row++) {
      const from = (row * facts.outputRows + output.first_row) * actionDim;
      plans.set(actions.subarray(from, from + size), row * size);
    }
    fromFile(plans, { manifest: facts.manifest, robot, width: actionDim });
    if (output.is === 'joint_target_abs') return plans;
    for (let i = 0; i < plans.length; i++) {
      const joint = i % actionDim;
      const now = (Math.floor(i / size) + 1) * obsHorizon - 1;
      if (joint < robot.joints) plans[i] += observation[now * observationDim + joint];
    }
    return plans;
  }
}

/** Noise of all rows, each from its own stream, a tensor after the other. */
function drawn(
  out: Float32Array,
  axis: number,
  dims: readonly number[],
  streams: readonly NoiseStream[],
): Float32Array {
  const rows = dims[axis];
  const inner = dims.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const blocks = out.length / (rows * inner);
  for (let block = 0; block < blocks; block++) {
    streams.forEach((stream, row) => {
      const at = (block * rows + row) * inner;
      stream.fillNormal(out.subarray(at, at + inner));
    });
  }
  return out;
}

/** Bytes [rows, size, size, 3] as numbers, in the order that the file has them in. */
function pixels(out: Float32Array, feed: OnnxFeed, bytes: Uint8Array): void {
  if (!isColourFirst(feed)) {
    out.set(bytes);
    return;
  }
  const places = sideOf(feed) ** 2;
  for (let i = 0; i < bytes.length; i++) {
    const [picture, within] = [Math.floor(i / (3 * places)), i % (3 * places)];
    out[picture * 3 * places + (within % 3) * places + Math.floor(within / 3)] = bytes[i];
  }
}
