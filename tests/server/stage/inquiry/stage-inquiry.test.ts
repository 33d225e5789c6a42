import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Planner, PlannerOptions, Policy } from '../../../../policies/policy.ts';
import { tcpPath } from '../../../../server/acting/rollout.ts';
import { reportError } from '../../../../server/error-report.ts';
import { INVALID } from '../../../../server/protocol/frames.ts';
import {
  type Inquiry,
  type PolicySource,
  type StageEpisode,
  stageSettingsSchema,
} from '../../../../server/protocol/index.ts';
import {
  unpackDenoising,
  unpackNoisePlane,
  unpackTurned,
} from '../../../../server/protocol/inquiry-frames.ts';
import { nameOfSource } from '../../../../server/protocol/sources.ts';
import { StageHost, type StageMessage } from '../../../../server/stage/stage-host.ts';
import { openPolicy } from '../../../../server/storage/open-policy.ts';
import { fanOf } from '../../../support/frames.ts';
import { keepingEngine } from '../../../support/keeping-engine.ts';
import { rapier } from '../../../support/simulation.ts';
import { temporaryWorkspace } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';

const FLOW = { kind: 'shipped', name: 'flow' } as const;
const L2 = { kind: 'shipped', name: 'l2' } as const;
const FAN = 4;

/** Chunks that single plans of the stage's own planner were, by policy. */
const acted = new Map<string, Float32Array[]>();
const said: StageMessage[] = [];
let host: StageHost;
let asked = 0;

/** Writes down the plans that act. */
function observed(policy: Policy, chunks: Float32Array[]): Policy {
  return {
    describe: () => policy.describe(),
    async prepare(batch: number, options?: PlannerOptions): Promise<Planner> {
      const planner = await policy.prepare(batch, options);
      if (batch > 1 || options?.states) return planner;
      return {
        ...planner,
        policy: planner.policy,
        batch,
        nfe: planner.nfe,
        read: (instruction) => planner.read(instruction),
        dispose: () => planner.dispose(),
        async draw(...what) {
          const drawn = await planner.draw(...what);
          chunks.push(drawn.chunk.slice());
          return drawn;
        },
      };
    },
  };
}

/** What the host says to an inquiry. */
async function ask(inquiry: Inquiry): Promise<Float32Array | string> {
  const id = ++asked;
  host.command({ viewer: 'a', ask: { id, inquiry } });
  return until(() => {
    for (const message of said) {
      if (message.kind === 'answer' && message.ask === id) return message.packed;
      if (message.kind === 'refusal' && message.ask === id) return message.error.code;
    }
    return undefined;
  }, 'an answer');
}

/** The answer to an inquiry that is not refused. */
async function answer(inquiry: Inquiry): Promise<Float32Array> {
  const packed = await ask(inquiry);
  if (typeof packed === 'string') throw new Error(`expected an answer, got ${packed}`);
  return packed;
}

async function begin(noise: number): Promise<StageEpisode> {
  const before = said.length;
  const settings = stageSettingsSchema.parse({
    lanes: [FLOW, L2].map((policy) => ({ policy, nfe: 2 })),
    fan: FAN,
    noise,
    request: before,
  });
  host.command({ viewer: 'a', command: { kind: 'set', settings } });
  host.command({ viewer: 'a', command: { kind: 'play', playing: true } });
  const episode = await until(
    () =>
      said
        .flatMap((message) => (message.kind === 'episode' ? [message.episode] : []))
        .find(({ request }) => request === before),
    'an episode',
  );
  await until(() => fansOf(episode).length >= 2, 'fans of both');
  host.command({ viewer: 'a', command: { kind: 'play', playing: false } });
  return episode;
}

const fansOf = ({ id }: StageEpisode) =>
  said
    .flatMap((message) => (message.kind === 'fan' ? [fanOf(message.packed)] : []))
    .filter(({ episodeId }) => episodeId === id);

beforeAll(async () => {
  const workspace = await temporaryWorkspace();
  const engine = keepingEngine();
  const open = async (source: PolicySource) => {
    const name = nameOfSource(source);
    const chunks: Float32Array[] = [];
    acted.set(name, chunks);
    return observed(await openPolicy(workspace, engine, source), chunks);
  };
  const policies = { open, revision: async () => 0 };
  const world = { rapier, engine: engine.name, policies, report: reportError };
  host = new StageHost(world, (message) => said.push(message));
});
afterAll(() => host.close());

describe('a moment of the stage', () => {
  let episode: StageEpisode;
  let moment: { episodeId: number; lane: number; step: number };
  beforeAll(async () => {
    episode = await begin(0);
    moment = { episodeId: episode.id, lane: 0, step: 5 };
  });

  it('is drawn once more through the states of its own sampler, to the bit', async () => {
    const denoising = unpackDenoising(await answer({ kind: 'denoise', ...moment }));
    const [chunk] = acted.get('flow') ?? [];
    const [fan] = fansOf(episode);
    expect(denoising).toMatchObject({ step: 0, number: 0, calls: 2, asActed: true });
    expect(denoising?.stations.map(({ call, time }) => [call, time])).toEqual([
      [0, 0],
      [1, 0.5],
      [2, 1],
    ]);
    const last = denoising?.stations[2];
    expect(last?.chunk).toEqual(chunk);
    expect(last?.estimate).toEqual(chunk);
    expect(denoising?.modes).toEqual(fan.paths.map(({ mode }) => mode));
    const points = fan.paths.flatMap((path) => [...path.points]);
    expect(last?.paths).toEqual(Float32Array.from(points));
    // Flow with two steps: half way between noise and where the first answer points.
    const [first, second] = denoising?.stations ?? [];
    const middle = first.chunk.map((value, i) => (value + first.estimate[i]) / 2);
    second.chunk.forEach((value, i) => {
      expect(value).toBeCloseTo(middle[i], 4);
    });
  });

  it('can be drawn with another number of network evaluations', async () => {
    const denoising = unpackDenoising(await answer({ kind: 'denoise', ...moment, calls: 3 }));
    expect(denoising).toMatchObject({ calls: 3, asActed: false, range: { least: 1, step: 1 } });
    expect(denoising?.stations).toHaveLength(4);
  });

  it('has a plane of noise, at whose home is the plan that acted, to the bit', async () => {
    const plane = unpackNoisePlane(await answer({ kind: 'plane', ...moment }));
    if (!plane) throw new Error('expected a plane');
    expect(plane.draws).toBe(256);
    expect(plane.counts.reduce((sum, { count }) => sum + count, 0)).toBe(256);
    expect(plane.parts).toEqual([0, 1]);
    const turn = async (points: [number, number][]) =>
      unpackTurned(await answer({ kind: 'turn', ...moment, points, paths: true }));
    const home = await turn([[...plane.home]]);
    const [chunk] = acted.get('flow') ?? [];
    expect(home?.paths[0]).toEqual(Float32Array.from(tcpPath(chunk).flat()));
    // Far out on either side of the first direction the plans take the ways it tells apart.
    const sides = await turn([
      [6, plane.home[1]],
      [-6, plane.home[1]],
    ]);
    expect(sides?.modes).toEqual([0, 1]);
    // A single step leads from any noise to the mean, which is between the modes.
    const points: [number, number][] = [[...plane.home], [-2, 0]];
    const inquiry = { kind: 'turn' as const, ...moment, points, paths: false };
    const mean = unpackTurned(await answer({ ...inquiry, calls: 1 }));
    expect(mean?.modes).toEqual([INVALID, INVALID]);
  });

  it('of a policy with one answer has no noise, and says so', async () => {
    const l2 = { ...moment, lane: 1 };
    expect(await ask({ kind: 'plane', ...l2 })).toBe('conflict');
    const denoising = unpackDenoising(await answer({ kind: 'denoise', ...l2 }));
    expect(denoising).toMatchObject({ calls: 1, range: { least: 1, most: 1 } });
    const [chunk] = acted.get('l2') ?? [];
    expect(denoising?.stations[1].chunk).toEqual(chunk);
  });

  it('that is not kept, or of nobody, is not found', async () => {
    expect(await ask({ kind: 'plane', ...moment, lane: 3 })).toBe('not-found');
    expect(await ask({ kind: 'plane', ...moment, episodeId: episode.id + 7 })).toBe('not-found');
  });

  it('with other noise is another plan from the same start', async () => {
    const other = await begin(1);
    expect(other).toMatchObject({ noise: 1, episode: episode.episode, objects: episode.objects });
    const [before] = fansOf(episode);
    const [after] = fansOf(other);
    expect(after.paths[0].points).not.toEqual(before.paths[0].points);
    // The stage that showed it is gone.
    expect(await ask({ kind: 'denoise', ...moment })).toBe('not-found');
  });
});
