import {
  chooseSampler,
  nfeOf,
  type ObjectiveSpec,
  type SamplerChoice,
  type SamplerSpec,
} from '../config/index.ts';
import type { Engine } from '../engine/index.ts';
import { Random } from '../random.ts';
import { followPlan } from '../samplers/follow.ts';
import { createPlan } from '../samplers/plan.ts';
import { reflowWindows } from '../training/reflow.ts';
import { straightness } from '../training/straightness.ts';
import { energyDistance } from './distance.ts';
import { drawInPlane } from './draw.ts';
import { fieldError } from './fields.ts';
import { countByCloud, type Mixture, type Point, sampleMixture } from './mixture.ts';
import {
  PLANE_BATCH,
  PLANE_STREAM,
  PlaneField,
  type PlanePolicy,
  planeWindows,
  trainInPlane,
} from './plane.ts';
import { detour, END, FORK, SCALE, straightPath } from './worked-example.ts';

/** One way of drawing points, judged against the mixture. */
export interface DrawnPoints {
  readonly policy: 'l2' | 'diffusion' | 'flow' | 'reflow';
  readonly sampler: string;
  readonly nfe: number;
  /** To as many points of the mixture; see `floor`. */
  readonly energyDistance: number;
  /** Share of the points that lie in each cloud, within 3 standard deviations. */
  readonly modes: readonly number[];
  /** Share that lies in none: 1.1 % of the mixture itself do. */
  readonly outside: number;
}

/** A path in the worked example. */
export interface WorkedPath {
  readonly path: readonly Point[];
  /** Its length over that of the straight line. */
  readonly detour: number;
  /** Distance of its end from (8, 8), over that of (0, 0) from it. */
  readonly error: number;
}

export interface LessonReport {
  readonly engine: string;
  readonly seed: number;
  /** From (0, 0) to (8, 8), by trained networks. */
  readonly workedExample: {
    readonly flow: {
      /** What the network answers where the straight path stands. */
      readonly stations: readonly {
        readonly tau: number;
        readonly point: Point;
        readonly velocity: Point;
      }[];
      readonly oneStep: WorkedPath;
      readonly tenSteps: WorkedPath;
    };
    /** DDPM over ten diffusion steps, with other fresh noise each. */
    readonly diffusion: readonly WorkedPath[];
  };
  /** Two clouds, of which half the data come each. */
  readonly fork: {
    readonly mixture: Mixture;
    readonly points: number;
    /** Energy distance of two samples of the mixture itself. */
    readonly floor: number;
    /** Relative RMS error of the trained networks against the analytic fields. */
    readonly fieldError: { readonly flow: number; readonly diffusion: number };
    /** S of the flow's paths, and of what reflow makes of them. */
    readonly straightness: { readonly flow: number; readonly reflow: number };
    readonly drawn: readonly DrawnPoints[];
  };
}

/** How long networks are trained, and how many points are judged. */
export interface LessonSize {
  /** Training steps of a network. */
  readonly steps: number;
  readonly points: number;
}

/** @cost about 20 s on one core */
export const FULL_LESSON: LessonSize = { steps: 2000, points: 2000 };

const FLOW: ObjectiveSpec = { kind: 'flow' };
const REFLOW: ObjectiveSpec = { kind: 'flow', coupling: 'reflow' };
const DIFFUSION = { kind: 'diffusion', steps: 100, prediction: 'v' } as const;
const REGRESSION: ObjectiveSpec = { kind: 'regression' };

/** How the fork's points are drawn. */
const WAYS: readonly (readonly [DrawnPoints['policy'], SamplerChoice])[] = [
  ['l2', {}],
  ['diffusion', { sampler: 'ddpm' }],
  ['diffusion', { sampler: 'ddim', nfe: 10 }],
  ['diffusion', { sampler: 'dpm-solver++', nfe: 10 }],
  ['flow', { sampler: 'euler', nfe: 10 }],
  ['flow', { sampler: 'heun', nfe: 9 }],
  ['flow', { sampler: 'one-step' }],
  ['reflow', { sampler: 'one-step' }],
];

/**
 * The theory in numbers: the worked example and the fork, learnt by the policies' own objectives
 * and drawn by their own samplers, beside what is known in closed form.
 *
 * @param onProgress told the share that is done
 */
export async function runLesson(
  engine: Engine,
  seed: number,
  { steps, points }: LessonSize = FULL_LESSON,
  onProgress: (share: number) => void = () => {},
): Promise<LessonReport> {
  const workedExample = await workThrough(engine, { steps, seed });
  onProgress(0.2);
  const random = Random.of(seed, PLANE_STREAM.data);
  const windows = planeWindows(sampleMixture(FORK, steps * PLANE_BATCH, random));
  const budget = { steps, seed };
  const l2 = await trainInPlane(engine, REGRESSION, windows, { steps: Math.ceil(steps / 2), seed });
  onProgress(0.3);
  const diffusion = await trainInPlane(engine, DIFFUSION, windows, budget);
  onProgress(0.5);
  const flow = await trainInPlane(engine, FLOW, windows, budget);
  onProgress(0.7);
  const reflow = await reflowed(engine, flow, budget);
  onProgress(0.9);
  const policies = { l2, diffusion, flow, reflow };
  const truth = sampleMixture(FORK, points, random);
  const drawn: DrawnPoints[] = [];
  for (const [policy, choice] of WAYS) {
    const { objective } = policies[policy];
    const sampler = chooseSampler(objective, choice);
    const sample = await drawInPlane(engine, policies[policy], sampler, { count: points, seed });
    drawn.push({
      policy,
      sampler: sampler.kind,
      nfe: nfeOf(sampler, objective),
      energyDistance: energyDistance(sample, truth),
      ...shares(sample),
    });
  }
  const test = { count: 2 * points, seed: seed + 1 };
  const observations = new Float32Array(points);
  return {
    engine: engine.name,
    seed,
    workedExample,
    fork: {
      mixture: FORK,
      points,
      floor: energyDistance(sampleMixture(FORK, points, random), truth),
      fieldError: {
        flow: await fieldError(engine, flow, FORK, test),
        diffusion: await fieldError(engine, diffusion, FORK, test),
      },
      straightness: {
        flow: await straightness(engine, flow, observations, seed),
        reflow: await straightness(engine, reflow, observations, seed),
      },
      drawn,
    },
  };
}

/** Trains on the flow's own pairs, from its weights. */
async function reflowed(
  engine: Engine,
  flow: PlanePolicy,
  { steps, seed }: { steps: number; seed: number },
): Promise<PlanePolicy> {
  const blank = planeWindows(new Float32Array(steps * PLANE_BATCH));
  const pairs = await reflowWindows(engine, flow, blank, { seed, batch: 4096 });
  if (!pairs) throw new Error('the pairs were not told to stop');
  return trainInPlane(engine, REFLOW, pairs, {
    steps: Math.ceil(steps / 2),
    seed,
    weights: flow.weights,
  });
}

/** Noise is (0, 0) and data are (8, 8): paths of a trained flow and of a trained diffusion. */
async function workThrough(
  engine: Engine,
  budget: { steps: number; seed: number },
): Promise<LessonReport['workedExample']> {
  const { seed } = budget;
  const ends = new Float32Array(2 * PLANE_BATCH).fill(END[0] / SCALE);
  const joined = planeWindows(ends, new Float32Array(ends.length));
  const flow = await trainInPlane(engine, FLOW, joined, budget);
  const ten = { kind: 'diffusion', steps: 10, prediction: 'v' } as const;
  const diffusion = await trainInPlane(engine, ten, planeWindows(ends), budget);
  const runs: WorkedPath[] = [];
  for (const run of [0, 1, 2]) {
    runs.push(
      await workedPath(
        engine,
        diffusion,
        { kind: 'ddpm' },
        Random.of(seed, PLANE_STREAM.path, run),
      ),
    );
  }
  const random = Random.of(seed, PLANE_STREAM.path);
  return {
    flow: {
      stations: await stationsOf(engine, flow),
      oneStep: await workedPath(engine, flow, { kind: 'one-step' }, random),
      tenSteps: await workedPath(engine, flow, { kind: 'euler', steps: 10 }, random),
    },
    diffusion: runs,
  };
}

async function workedPath(
  engine: Engine,
  policy: PlanePolicy,
  sampler: SamplerSpec,
  random: Random,
): Promise<WorkedPath> {
  const field = await PlaneField.create(engine, policy, 1);
  try {
    const plan = createPlan(policy.objective, sampler);
    const normal = () => random.normal();
    const stations = await followPlan(plan, field.answer, Float64Array.of(0, 0), normal);
    const path = stations.map(([x, y]): Point => [SCALE * x, SCALE * y]);
    const [x, y] = path[path.length - 1];
    const error = Math.hypot(x - END[0], y - END[1]) / Math.hypot(...END);
    return { path, detour: detour(path), error };
  } finally {
    await field.dispose();
  }
}

async function stationsOf(engine: Engine, flow: PlanePolicy) {
  const field = await PlaneField.create(engine, flow, 1);
  try {
    const stations: LessonReport['workedExample']['flow']['stations'][number][] = [];
    for (const tau of [0.3, 0.8]) {
      const point = straightPath(tau);
      const answer = await field.answer(
        Float64Array.from(point, (x) => x / SCALE),
        tau,
      );
      stations.push({ tau, point, velocity: [SCALE * answer[0], SCALE * answer[1]] });
    }
    return stations;
  } finally {
    await field.dispose();
  }
}

/** Which share of points [n, 2] lies in each cloud of the fork, and which in none. */
function shares(points: Float32Array): Pick<DrawnPoints, 'modes' | 'outside'> {
  const { inside, outside } = countByCloud(FORK, points);
  const count = points.length / 2;
  return { modes: inside.map((within) => within / count), outside: outside / count };
}
