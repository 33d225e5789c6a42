import type { Planner, PlannerOptions, Policy, PolicyDescription } from '../../policies/policy.ts';
import { refuseOptions } from '../../policies/refuse-options.ts';
import { ACTION_DIM, findTask, STATE_DIM, startSeed } from '../../sim/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { AnswerError, readAnswer } from './answer.ts';
import { decode, encode } from './codec.ts';
import { type Declared, readDeclared } from './declared.ts';
import { PolicyLine } from './line.ts';
import { CodecError } from './numpy.ts';
import { NAMINGS } from './observation-keys.ts';
import { type Known, type RemoteOptions, RemotePlanner } from './remote-planner.ts';

/** A policy that somebody else's server runs: an openpi server, or another that speaks as one. */
export class RemotePolicy implements Policy {
  readonly #options: RemoteOptions;
  readonly #known: Known;

  private constructor(options: RemoteOptions, known: Known) {
    this.#options = options;
    this.#known = known;
  }

  /**
   * Asks a server what it is: for a first plan, too, where it does not say how long its plans are.
   *
   * @throws ProtocolError 'failed' where no policy server answers there, or none that can act here
   */
  static async open(options: RemoteOptions): Promise<RemotePolicy> {
    try {
      const line = await PolicyLine.open(options);
      try {
        const declared = readDeclared(decode(line.metadata));
        const horizon = declared.horizon ?? (await measureHorizon(line, declared, options));
        return new RemotePolicy(options, { declared, about: describe(declared, horizon, options) });
      } finally {
        line.close();
      }
    } catch (error) {
      const expected = [AnswerError, CodecError, ProtocolError].some(
        (kind) => error instanceof kind,
      );
      if (!expected || !(error instanceof Error)) throw error;
      throw new ProtocolError(
        'failed',
        `${options.url}: expected a policy server that openpi's clients can ask, got: ` +
          `${error.message}; start it, or see what it says`,
        { cause: error },
      );
    }
  }

  describe(): PolicyDescription {
    return this.#known.about;
  }

  async prepare(batch: number, options: PlannerOptions = {}): Promise<Planner> {
    refuseOptions(options, `the policy server ${this.#options.url}`);
    const line = await PolicyLine.open(this.#options);
    return new RemotePlanner(batch, line, this.#known, this.#options);
  }
}

function describe(
  declared: Declared,
  predHorizon: number,
  { url, observationKeys }: RemoteOptions,
): PolicyDescription {
  const naming = NAMINGS[observationKeys];
  const { environmentNames } = findTask(declared.task);
  return {
    name: declared.name ?? url,
    task: declared.task,
    controlHz: declared.control_hz,
    objective: null,
    abilities: {
      noise: declared.stochastic,
      instructions: declared.instructions || naming.instructions,
      picture: naming.picture(declared),
      guidance: false,
      inpainting: false,
    },
    obsHorizon: observationKeys === 'fp' ? (declared.obs_horizon ?? 1) : 1,
    predHorizon,
    observationDim: STATE_DIM + environmentNames.length,
    actionDim: ACTION_DIM,
    parameters: 0,
  };
}

/** How long its plans are, by one from the first start. */
async function measureHorizon(
  line: PolicyLine,
  declared: Declared,
  options: RemoteOptions,
): Promise<number> {
  const about = describe(declared, 1, options);
  const task = findTask(declared.task);
  const { joints, gripperOpening, objects } = task.sampleInitialState(
    startSeed('evaluation', 0, 0),
  );
  const row = [...joints, gripperOpening, ...task.environmentState([0.34, 0, 0.14], objects)];
  const { observationKeys } = options;
  const size = about.abilities.picture;
  const { frame } = await line.ask(
    encode({
      ...NAMINGS[observationKeys].request(
        {
          rows: 1,
          observation: Float32Array.from(new Array(about.obsHorizon).fill(row).flat()),
          images: size === null ? null : new Uint8Array(3 * size * size),
          prompts: [''],
        },
        { ...declared, batch: 1 },
      ),
      'fp/reset': true,
    }),
  );
  return readAnswer(frame, { rows: null, horizon: null }).horizon;
}
