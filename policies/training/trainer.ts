import { conditionInputs } from '../config/condition-inputs.ts';
import { type Engine, type Program, sizeOf } from '../engine/types.ts';
import type { Network } from '../networks/network.ts';
import type { NetworkShape } from '../networks/shape.ts';
import { Random } from '../random.ts';
import { DataOrder, STREAM } from './data-order.ts';
import type { Objective } from './objective.ts';
import { emaDecay, learningRate, type RateConfig } from './rates.ts';
import {
  BETA1,
  BETA2,
  lossAndGradient,
  nextName,
  type OptimizerConfig,
  STATE,
  type StateName,
  stepInputs,
  trainingStep,
} from './step.ts';
import { type RenewedWindows, WindowSets } from './window-sets.ts';
import { type TrainingWindows, takeWindow } from './windows.ts';

export interface TrainerConfig extends RateConfig, OptimizerConfig {
  readonly batch: number;
  readonly seed: number;
}

/** The state of a run: all that is needed to continue it bit for bit. */
export interface TrainingState {
  /** Steps made. */
  readonly step: number;
  readonly vectors: Readonly<Record<StateName, Float32Array>>;
}

export interface StepReport {
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
}

/** A loss or gradient that is not a number: the run stops, its last checkpoint is good. */
export class TrainingDivergedError extends Error {
  override readonly name = 'TrainingDivergedError';
}

/** Trains one network on one objective, a step at a time. */
export class Trainer {
  readonly config: TrainerConfig;
  readonly #program: Program;
  readonly #setup: Omit<TrainerSetup, 'state'>;
  readonly #objective: Objective;
  readonly #sets: WindowSets;
  readonly #order: DataOrder;
  readonly #inputs: {
    rates: Float32Array;
    actions: Float32Array;
    noise: Float32Array;
    time: Float32Array;
    observation: Float32Array;
    text?: Float32Array;
    image?: Float32Array;
  };
  readonly #dropRate: number;
  /** The step reads one set of vectors and writes the other; then they change places. */
  #current: Record<StateName, Float32Array>;
  #next: Record<StateName, Float32Array>;
  #step: number;

  private constructor(program: Program, setup: Omit<TrainerSetup, 'state'>, state: TrainingState) {
    const { config, shape, objective, windows } = setup;
    const { batch } = config;
    const chunk = batch * shape.horizon * shape.actionDim;
    this.config = config;
    this.#setup = setup;
    this.#program = program;
    this.#objective = objective;
    this.#sets = new WindowSets(windows);
    this.#order = new DataOrder(config.seed, windows.count);
    this.#inputs = {
      rates: new Float32Array(4),
      actions: new Float32Array(chunk),
      noise: new Float32Array(chunk),
      time: new Float32Array(batch),
      observation: new Float32Array(batch * shape.observationDim),
      ...(shape.condition &&
        Object.fromEntries(
          conditionInputs(shape.condition, batch).map(({ name, shape }) => [
            name,
            new Float32Array(sizeOf(shape)),
          ]),
        )),
    };
    this.#dropRate = shape.condition?.text.dropRate ?? 0;
    const arrays = program.lend?.() ?? {};
    this.#current = mapState((name) => arrayLike(state.vectors[name], arrays[name]));
    this.#next = mapState((name) => arrayLike(state.vectors[name], arrays[nextName(name)]));
    for (const name of STATE) this.#current[name].set(state.vectors[name]);
    this.#step = state.step;
  }

  /**
   * Compiles the training step and loads a state, or initial weights where there is none.
   *
   * @cost about 0.5 s
   */
  static async create(setup: TrainerSetup): Promise<Trainer> {
    const { engine, network, objective, config, shape } = setup;
    const { size } = network.table;
    const program = await engine.compile(
      trainingStep(network, objective, config),
      stepInputs(size, config.batch, shape),
      setup.key === undefined ? {} : { key: stepKey(setup.key, setup) },
    );
    return new Trainer(program, setup, setup.state ?? initialState(network, config.seed));
  }

  /** Steps made so far. */
  get steps(): number {
    return this.#step;
  }

  /**
   * Makes one step.
   *
   * @throws TrainingDivergedError when the loss or the gradient is not finite, naming the first
   *         tensor that is not; the state stays as it was before the step
   */
  async step(): Promise<StepReport> {
    const step = this.#step + 1;
    await this.#fillBatch(step);
    const outputs = Object.fromEntries(STATE.map((name) => [nextName(name), this.#next[name]]));
    const results = await this.#program.run({ ...this.#current, ...this.#inputs }, outputs);
    const loss = results.loss[0];
    const gradientNorm = results.gradientNorm[0];
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw new TrainingDivergedError(
        `step ${step}: expected a finite loss and gradient, got ${loss} and ${gradientNorm}; ` +
          `first in ${await this.#firstNotFinite()}; ` +
          'look at the data, or resume from the last checkpoint with a lower learning rate',
      );
    }
    [this.#current, this.#next] = [this.#next, this.#current];
    this.#step = step;
    return { step, loss, gradientNorm, learningRate: this.#inputs.rates[0] };
  }

  /** The first tensor of the present step that holds a number that is not finite, and which one. */
  async #firstNotFinite(): Promise<string> {
    const given = { weights: this.#current.weights, ...this.#inputs };
    for (const [name, values] of Object.entries(given)) {
      const place = values.findIndex((value) => !Number.isFinite(value));
      if (place >= 0) return `the input ${name} (${values[place]} at ${place})`;
    }
    const { engine, network, objective, config, shape } = this.#setup;
    const names = new Set(Object.keys(given));
    const program = await engine.compile(
      lossAndGradient(network, objective),
      stepInputs(network.table.size, config.batch, shape).filter(({ name }) => names.has(name)),
    );
    try {
      const { loss, gradient } = await program.run(given);
      const place = gradient.findIndex((value) => !Number.isFinite(value));
      if (place >= 0) return `the gradient of ${network.table.nameAt(place)} (${gradient[place]})`;
      return Number.isFinite(loss[0]) ? "the gradient's length" : 'the loss';
    } finally {
      await program.dispose();
    }
  }

  /** A copy of the present state. */
  state(): TrainingState {
    return { step: this.#step, vectors: mapState((name) => this.#current[name].slice()) };
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }

  /** Noise and times are a pure function of (seed, step), windows of (seed, epoch). */
  async #fillBatch(step: number): Promise<void> {
    const { config } = this;
    const { rates, noise, time } = this.#inputs;
    rates[0] = learningRate(config, step);
    rates[1] = 1 - BETA1 ** step;
    rates[2] = 1 - BETA2 ** step;
    rates[3] = emaDecay(config, step);
    const { batch } = config;
    const taken: TakenWindow[] = [];
    for (let row = 0; row < batch; row++) {
      const place = (step - 1) * batch + row;
      const each = { windows: await this.#sets.at(place), window: this.#order.at(place) };
      takeWindow(each.windows, each.window, this.#inputs, { row, batch });
      taken.push(each);
    }
    const random = Random.of(config.seed, STREAM.noise, step);
    for (let b = 0; b < batch; b++) time[b] = this.#objective.drawTime(random);
    if (!taken[0].windows.noise) random.fillNormal(noise);
    this.#fillText(step, taken);
  }

  /** Instructions, some dropped: what guidance compares with is learnt from those. */
  #fillText(step: number, taken: readonly TakenWindow[]): void {
    const { text } = this.#inputs;
    if (!text) return;
    const random = Random.of(this.config.seed, STREAM.drop, step);
    for (const [b, { windows, window }] of taken.entries()) {
      const texts = windows.text;
      if (!texts) throw new Error('a policy that reads needs windows with instructions');
      const dropped = random.uniform() < this.#dropRate;
      const row = texts.rows[texts.of[window]];
      text.set(dropped ? texts.silence : row, b * texts.silence.length);
    }
  }
}

/** A row of a batch: one of a set of windows. */
interface TakenWindow {
  readonly windows: TrainingWindows;
  readonly window: number;
}

export interface TrainerSetup {
  readonly engine: Engine;
  readonly network: Network;
  readonly shape: NetworkShape;
  readonly objective: Objective;
  readonly windows: TrainingWindows | RenewedWindows;
  readonly config: TrainerConfig;
  /** Where to continue; a new run where it is left out. */
  readonly state?: TrainingState;
  /** Names network and objective, so that the step's program may be kept. */
  readonly key?: string;
}

/** What the compiled step depends on. Rates, noise and data are inputs. */
function stepKey(key: string, { shape, config: { weightDecay, clipNorm } }: TrainerSetup): string {
  return JSON.stringify(['training step', key, shape, weightDecay, clipNorm]);
}

function initialState(network: Network, seed: number): TrainingState {
  return stateFrom(network.table.initialize(Random.of(seed, STREAM.weights)));
}

/** What begins the names of parameters that read words. */
const WORDS = 'text.';

/**
 * The weights with which a network begins that reads otherwise than another, and is the same but for
 * that: all but what reads words are the other's.
 *
 * @param seed as in a training's configuration
 */
export function readingAnew(
  network: Network,
  other: { readonly network: Network; readonly weights: Float32Array },
  seed: number,
): Float32Array {
  const weights = network.table.initialize(Random.of(seed, STREAM.weights));
  const known = new Map(other.network.table.places().map((each) => [each.name, each]));
  for (const { name, offset, size } of network.table.places()) {
    const there = name.startsWith(WORDS) ? undefined : known.get(name);
    if (!there) continue;
    weights.set(other.weights.subarray(there.offset, there.offset + size), offset);
  }
  return weights;
}

/** The state of a run that has made no step and starts from these weights. */
export function stateFrom(weights: Float32Array): TrainingState {
  const zeros = () => new Float32Array(weights.length);
  return {
    step: 0,
    vectors: { weights, moment1: zeros(), moment2: zeros(), ema: weights.slice() },
  };
}

/** An array of a vector's size: the one that the program has for it, if that fits. */
function arrayLike({ length }: Float32Array, array: Float32Array | undefined): Float32Array {
  return array?.length === length ? array : new Float32Array(length);
}

function mapState(make: (name: StateName) => Float32Array): Record<StateName, Float32Array> {
  const entries = STATE.map((name) => [name, make(name)] as const);
  return Object.fromEntries(entries) as Record<StateName, Float32Array>;
}
