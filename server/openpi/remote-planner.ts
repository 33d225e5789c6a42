import type { DrawnChunks, Planner, PolicyDescription, Told } from '../../policies/policy.ts';
import { type NoiseStream, noiseOfRows } from '../../policies/random.ts';
import { InstructionError } from '../../policies/text/tokenizer.ts';
import { ACTION_DIM, JOINT_COUNT, STATE_DIM } from '../../sim/index.ts';
import { cutText } from '../protocol/issues.ts';
import type { ObservationKeys } from '../protocol/policy-servers.ts';
import { type Answer, AnswerError, checkChunk, readAnswer } from './answer.ts';
import { encode } from './codec.ts';
import type { Declared } from './declared.ts';
import type { LineOptions, PolicyLine } from './line.ts';
import { floats, type NumpyArray } from './numpy.ts';
import { NAMINGS } from './observation-keys.ts';

export interface RemoteOptions extends LineOptions {
  readonly observationKeys: ObservationKeys;
}

/** Longest reason that is kept, characters. */
const MOST_REASON = 400;

/** What is known of a server once it has introduced itself. */
export interface Known {
  readonly declared: Declared;
  readonly about: PolicyDescription;
}

/** Asks a policy server for plans, row by row or in groups as large as it takes. */
export class RemotePlanner implements Planner {
  readonly policy: PolicyDescription;
  readonly batch: number;
  /** Nobody knows how many; it is asked once. */
  readonly nfe = 1;
  readonly #line: PolicyLine;
  readonly #declared: Declared;
  readonly #keys: ObservationKeys;
  readonly #url: string;

  constructor(batch: number, line: PolicyLine, { declared, about }: Known, options: RemoteOptions) {
    const { observationKeys, url } = options;
    this.batch = batch;
    this.policy = about;
    this.#line = line;
    this.#keys = observationKeys;
    this.#url = url;
    // A single row is asked about as other clients of the protocol would.
    const together = batch > 1 && NAMINGS[observationKeys].batches ? declared.batch : 1;
    this.#declared = { ...declared, batch: together };
  }

  async draw(
    observation: Float32Array,
    streams: readonly NoiseStream[],
    told: Told = {},
  ): Promise<DrawnChunks> {
    const { predHorizon } = this.policy;
    const size = predHorizon * ACTION_DIM;
    const chunk = new Float32Array(this.batch * size);
    const failures = new Map<number, string>();
    let network = 0;
    /** Known only as long as the server tells how much of each answer's time is its own. */
    let wire: number | null = 0;
    const { batch: together } = this.#declared;
    // Rows beyond the last stream are blank, and nobody reads their answers.
    for (let from = 0; from < streams.length; from += together) {
      const to = Math.min(streams.length, from + together);
      try {
        const { actions, inferMs, ms } = await this.#ask(observation, streams, told, [from, to]);
        network += inferMs ?? ms;
        wire = inferMs === null || wire === null ? null : wire + Math.max(0, ms - inferMs);
        for (let row = from; row < to; row++) {
          const given = actions.subarray((row - from) * size, (row - from + 1) * size);
          chunk.set(given, row * size);
          const own = chunk.subarray(row * size, (row + 1) * size);
          this.#toTargets(own, this.#newestState(observation, row));
          noteFailure(failures, row, () => checkChunk(own));
        }
      } catch (error) {
        for (let row = from; row < to; row++) {
          noteFailure(failures, row, () => {
            throw error;
          });
        }
      }
    }
    return {
      chunk,
      attention: [],
      states: [],
      times: { normalize: 0, network, denormalize: 0, ...(wire !== null && { wire }) },
      failures,
    };
  }

  async read(instruction: string): Promise<never> {
    throw new InstructionError(
      `instruction: expected a policy of this program, which says how it reads, got the policy ` +
        `server ${this.#url}, asked to read "${instruction.slice(0, 80)}"; choose another policy`,
    );
  }

  async dispose(): Promise<void> {
    this.#line.close();
  }

  /** `observation.state` of a row, as it is now. */
  #newestState(observation: Float32Array, row: number): Float32Array {
    const { obsHorizon, observationDim } = this.policy;
    const at = ((row + 1) * obsHorizon - 1) * observationDim;
    return observation.subarray(at, at + STATE_DIM);
  }

  /** What the server says as what the arm is to do: joint positions (rad), gripper opening (m). */
  #toTargets(chunk: Float32Array, state: Float32Array): void {
    const { gripper } = NAMINGS[this.#keys];
    const relative = this.#declared.action === 'joint_target_rel';
    for (let i = 0; i < chunk.length; i++) {
      const joint = i % ACTION_DIM;
      if (joint === JOINT_COUNT) chunk[i] = gripper(chunk[i]);
      else if (relative) chunk[i] += state[joint];
    }
  }

  async #ask(
    observation: Float32Array,
    streams: readonly NoiseStream[],
    { instructions = [], images, attempts = [] }: Told,
    [from, to]: readonly [number, number],
  ): Promise<Answer & { ms: number }> {
    const { predHorizon, obsHorizon, observationDim } = this.policy;
    const { batch, noise } = this.#declared;
    const size = obsHorizon * observationDim;
    const bytes = (images?.length ?? 0) / this.batch;
    const rows = to - from;
    const inBatch = <T>(values: readonly T[]): readonly T[] | T => (batch > 1 ? values : values[0]);
    const tried = attempts.slice(from, to);
    const frame = encode({
      ...NAMINGS[this.#keys].request(
        {
          rows,
          observation: observation.subarray(from * size, to * size),
          images: images?.subarray(from * bytes, to * bytes) ?? null,
          prompts: Array.from({ length: rows }, (_, i) => instructions[from + i] ?? ''),
        },
        this.#declared,
      ),
      ...(tried.length === rows && {
        'fp/episode': inBatch(tried.map(({ episode }) => episode)),
        'fp/step': inBatch(tried.map(({ step }) => step)),
        'fp/reset': inBatch(tried.map(({ step }) => step === 0)),
      }),
      ...(noise && {
        'fp/noise': this.#noise(streams.slice(from, to), [
          ...(batch > 1 ? [rows] : []),
          predHorizon,
        ]),
      }),
    });
    const { frame: answer, ms } = await this.#line.ask(frame);
    const expected = { rows: batch > 1 ? rows : null, horizon: predHorizon };
    return { ...readAnswer(answer, expected), ms };
  }

  #noise(streams: readonly NoiseStream[], axes: readonly number[]): NumpyArray {
    const size = this.policy.predHorizon * ACTION_DIM;
    return floats(noiseOfRows(streams, streams.length, size), [...axes, ACTION_DIM]);
  }
}

/** Keeps why a row has no plan. */
function noteFailure(failures: Map<number, string>, row: number, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    failures.set(row, cutText(error.message, MOST_REASON));
  }
}
