import type { SamplerSpec } from '../config/sampler.ts';
import type { Engine } from '../engine/types.ts';
import { diffusionPath } from '../paths.ts';
import { Random } from '../random.ts';
import { followPlan } from '../samplers/follow.ts';
import { createPlan } from '../samplers/plan.ts';
import { straightness } from '../training/straightness.ts';
import { fieldError, LATEST_TAU, lineError } from './fields.ts';
import { countByCloud, type Point, sampleMixture } from './mixture.ts';
import { diffusionOracle, flowOracle } from './oracle.ts';
import { PLANE_STREAM, PlaneField, PlaneTrainer, planeWindows } from './plane.ts';
import { diffusionSteps, LIVE_STEPS, type LiveKind, objectiveOf, type Target } from './target.ts';
import { detour } from './worked-example.ts';

/**
 * Small enough for plain JavaScript to train while one watches: after 1,000 steps the fork's fields
 * are within 8 % RMS of the closed form.
 */
const LIVE_SIZE = { widths: [32, 32, 32], batch: 256 } as const;
/** Points data are drawn from; each is seen several times, each time with other noise. */
const DATA = 65_536;

/** How near to a point without a cloud counts as there. */
const NEAR = 0.05;
/** Points on which a field's error, and paths on which straightness is measured. */
const ERROR_POINTS = 512;
const STRAIGHTNESS_PATHS = 64;

/** Points drawn by a sampler, with their ways from noise. */
export interface LivePaths {
  /** [stations, count, 2]: noise, then where each network call left the points. */
  readonly stations: Float32Array;
  readonly count: number;
  /** Mean length of the ways over that of the straight lines between their ends. */
  readonly detour: number;
  /** How many ended in each cloud, and in none. */
  readonly inside: readonly number[];
  readonly outside: number;
}

/** A part of the plane. */
export interface Square {
  readonly centre: Point;
  readonly half: number;
}

/** A field at one time: where, what the network says there, and what is right. */
export interface LiveField {
  /** [n, 2] each. A flow's vectors are velocities; a diffusion's are −ε, the noise to take away. */
  readonly places: Float32Array;
  readonly learnt: Float32Array;
  readonly best: Float32Array;
}

/** How far training has come, measured. */
export interface LiveMeasures {
  /** RMS of learnt minus right answers over RMS of the right ones, along the noising paths. */
  readonly fieldError: Readonly<Record<LiveKind, number>>;
  /** S of the flow's paths; 0 is straight. */
  readonly straightness: number;
}

/** A diffusion and a flow that learn the same points side by side, a step at a time. */
export class LiveLesson {
  readonly target: Target;
  readonly #engine: Engine;
  readonly #seed: number;
  readonly #trainers: Readonly<Record<LiveKind, PlaneTrainer>>;

  private constructor(
    engine: Engine,
    target: Target,
    seed: number,
    trainers: Readonly<Record<LiveKind, PlaneTrainer>>,
  ) {
    this.#engine = engine;
    this.target = target;
    this.#seed = seed;
    this.#trainers = trainers;
  }

  /** The same target and seed give the same lesson. */
  static async create(
    engine: Engine,
    target: Target,
    { seed, steps = LIVE_STEPS }: { seed: number; steps?: number },
  ): Promise<LiveLesson> {
    const points = sampleMixture(target.mixture, DATA, Random.of(seed, PLANE_STREAM.data));
    const training = { ...LIVE_SIZE, steps, seed };
    const create = (kind: LiveKind, noise?: Float32Array) =>
      PlaneTrainer.create(engine, objectiveOf(kind, target), planeWindows(points, noise), training);
    const joined = target.fromOrigin ? new Float32Array(points.length) : undefined;
    return new LiveLesson(engine, target, seed, {
      diffusion: await create('diffusion'),
      flow: await create('flow', joined),
    });
  }

  /** Steps each of the two has made. */
  get steps(): number {
    return this.#trainers.flow.steps;
  }

  /**
   * One step of each.
   *
   * @returns their losses
   * @cost 29 ms in plain JavaScript on one core
   */
  async step(): Promise<Record<LiveKind, number>> {
    const { diffusion, flow } = this.#trainers;
    return { diffusion: await diffusion.step(), flow: await flow.step() };
  }

  /**
   * Draws points and keeps every station. Both kinds start from the same noise, and more points
   * begin with those of fewer.
   */
  async draw(kind: LiveKind, sampler: SamplerSpec, count: number): Promise<LivePaths> {
    const plan = createPlan(objectiveOf(kind, this.target), sampler);
    const fresh = Random.of(this.#seed, PLANE_STREAM.path, 1);
    const start = Float64Array.from(this.#starts(count));
    const stations = await this.#with(kind, count, (field) =>
      followPlan(plan, field.answer, start, () => fresh.normal()),
    );
    const { mixture } = this.target;
    const radius = mixture.deviation > 0 ? 3 * mixture.deviation : NEAR;
    const ways = Array.from({ length: count }, (_, i) =>
      detour(stations.map((station): Point => [station[2 * i], station[2 * i + 1]])),
    );
    return {
      stations: Float32Array.from(stations.flatMap((station) => [...station])),
      count,
      detour: ways.reduce((sum, way) => sum + way) / count,
      ...countByCloud(mixture, stations[stations.length - 1], radius),
    };
  }

  /**
   * Learnt and right vectors, so far on the way from noise to data.
   *
   * @param progress 0 at noise, 1 at data: τ of the flow, 1 − k/K of the diffusion
   * @param side     places along a side of the square, or along the line that alone was learnt
   */
  async field(kind: LiveKind, progress: number, square: Square, side: number): Promise<LiveField> {
    const places = this.#onLine(kind) ? this.#line(side) : grid(square, side);
    const count = places.length / 2;
    const { mixture } = this.target;
    const at = Float64Array.from(places);
    if (this.#onLine(kind)) {
      const time = Float32Array.from({ length: count }, (_, i) => i / (side - 1));
      const learnt = await this.#with(kind, count, (field) => field.at(places, time));
      return { places, learnt, best: learnt.map((_, i) => mixture.means[0][i % 2]) };
    }
    if (kind === 'flow') {
      const tau = Math.min(progress, LATEST_TAU);
      const learnt = await this.#with(kind, count, (field) => field.answer(at, tau));
      const best = await flowOracle(mixture)(at, tau);
      return { places, learnt: Float32Array.from(learnt), best: Float32Array.from(best) };
    }
    const steps = diffusionSteps(this.target);
    const path = diffusionPath({ steps, prediction: 'v' });
    const time = path.timeAt(progress);
    const noise = path.noiseAt(time);
    const answers = await this.#with(kind, count, (field) => field.answer(at, time));
    const best = await diffusionOracle(mixture, { steps, prediction: 'epsilon' })(at, time);
    return {
      places,
      learnt: Float32Array.from(answers, (v, i) => -(noise.network * v + noise.x * at[i])),
      best: Float32Array.from(best, (value) => -value),
    };
  }

  /** @cost 50 network calls of a few hundred points */
  async measure(): Promise<LiveMeasures> {
    const engine = this.#engine;
    const { mixture, fromOrigin } = this.target;
    const flow = this.#trainers.flow.policy();
    const test = { count: ERROR_POINTS, seed: this.#seed + 1 };
    return {
      fieldError: {
        diffusion: await fieldError(engine, this.#trainers.diffusion.policy(), mixture, test),
        flow: fromOrigin
          ? await lineError(engine, flow, mixture.means[0], ERROR_POINTS)
          : await fieldError(engine, flow, mixture, test),
      },
      straightness: await straightness(
        engine,
        flow,
        new Float32Array(STRAIGHTNESS_PATHS),
        this.#seed,
        this.#starts(STRAIGHTNESS_PATHS),
      ),
    };
  }

  async dispose(): Promise<void> {
    await this.#trainers.diffusion.dispose();
    await this.#trainers.flow.dispose();
  }

  /** Where points start, [count, 2]. */
  #starts(count: number): Float32Array {
    const starts = new Float32Array(2 * count);
    if (this.target.fromOrigin) return starts;
    return Random.of(this.#seed, PLANE_STREAM.path).fillNormal(starts);
  }

  /** A flow from one point to another has only seen the line between them. */
  #onLine(kind: LiveKind): boolean {
    return kind === 'flow' && this.target.fromOrigin;
  }

  #line(count: number): Float32Array {
    const [end] = this.target.mixture.means;
    return Float32Array.from(
      { length: 2 * count },
      (_, i) => (end[i % 2] * (i >> 1)) / (count - 1),
    );
  }

  async #with<T>(
    kind: LiveKind,
    count: number,
    use: (field: PlaneField) => T | Promise<T>,
  ): Promise<T> {
    const field = await PlaneField.create(this.#engine, this.#trainers[kind].policy(), count);
    try {
      return await use(field);
    } finally {
      await field.dispose();
    }
  }
}

/** side² points, evenly over a square: in the middles of its cells. */
function grid({ centre, half }: Square, side: number): Float32Array {
  const at = (i: number) => half * ((2 * i + 1) / side - 1);
  return Float32Array.from({ length: 2 * side * side }, (_, i) => {
    const place = i >> 1;
    return centre[i % 2] + at(i % 2 === 0 ? place % side : Math.floor(place / side));
  });
}
