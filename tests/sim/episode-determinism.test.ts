import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Demonstration } from '../../demos/demonstration.ts';
import { type EpisodeSnapshot, handDown, IkSolver } from '../../sim/index.ts';
import { replayElsewhere } from '../support/replay-elsewhere.ts';
import {
  demonstrateMode,
  freeEpisodes,
  playRows,
  restoreEpisode,
  startEpisode,
  task,
} from '../support/simulation.ts';

/** Grasp, contact with the ball and lift included. */
let demo: Demonstration;

beforeAll(() => {
  demo = demonstrateMode('left', 11);
});
afterEach(freeEpisodes);

describe('an episode', () => {
  it('ends in the same bits when it is played again, others before and beside it', () => {
    const beside = startEpisode(demonstrateMode('right', 12).initial);
    const episode = startEpisode(demo.initial);
    for (let t = 0; t < demo.length; t++) {
      playRows(episode, demo.command, t, t + 1);
      playRows(beside, demo.command, t, t + 1);
    }
    expect(episode.hash).toBe(demo.replayHash);
    expect(beside.hash).not.toBe(demo.replayHash);
  });

  it('does not notice that it is looked at', () => {
    const episode = startEpisode(demo.initial);
    for (let t = 0; t < demo.length; t++) {
      episode.observe();
      episode.tcp();
      episode.objectPositions();
      episode.anchorError();
      episode.target.fill(0);
      if (t % 10 === 0) episode.snapshot();
      playRows(episode, demo.command, t, t + 1);
    }
    expect(episode.hash).toBe(demo.replayHash);
  });

  it('goes on bit for bit from a snapshot of any step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: demo.length }), (at) => {
        const before = playRows(startEpisode(demo.initial), demo.command, 0, at);
        const after = restoreEpisode(before.snapshot());
        expect(after.hash).toBe(before.hash);
        expect(after.steps).toBe(at);
        expect(after.progress).toEqual(before.progress);
        expect(after.observe()).toEqual(before.observe());
        playRows(after, demo.command, at);
        expect(after.hash).toBe(demo.replayHash);
        expect(after.progress.success).toBe(true);
        freeEpisodes();
      }),
      { numRuns: 12, examples: [[0], [1], [demo.length]] },
    );
  });

  it('leaves a snapshot as it was, so that several futures can start from it', () => {
    const half = Math.floor(demo.length / 2);
    const snapshot = playRows(startEpisode(demo.initial), demo.command, 0, half).snapshot();
    const copy: EpisodeSnapshot = structuredClone(snapshot);
    playRows(restoreEpisode(snapshot), demo.command, 0, half);
    expect(snapshot).toEqual(copy);
    expect(playRows(restoreEpisode(snapshot), demo.command, half).hash).toBe(demo.replayHash);
  });

  it('differs for another start and for another command', () => {
    const [ball] = demo.initial.objects;
    const moved = {
      ...demo.initial,
      objects: [[Math.fround(ball[0] + 1e-6), ball[1], ball[2]] as const],
    };
    expect(playRows(startEpisode(moved), demo.command).hash).not.toBe(demo.replayHash);
    const other = demo.command.slice();
    other[8 * 40] += 1e-6;
    expect(playRows(startEpisode(demo.initial), other).hash).not.toBe(demo.replayHash);
  });
});

describe('in another process', () => {
  it('ends in the same bits, compiled and with the optimising compilers switched off', async () => {
    const played = { initial: demo.initial, controlHz: demo.controlHz, rows: demo.command };
    const expected = {
      hash: demo.replayHash,
      progress: expect.objectContaining({ success: true }),
    };
    expect(await replayElsewhere(played)).toEqual(expected);
    expect(await replayElsewhere(played, ['--no-opt', '--no-wasm-tier-up'])).toEqual(expected);
  });

  it('goes on from a snapshot that was sent there', async () => {
    const at = Math.floor(0.8 * demo.length);
    const snapshot = playRows(startEpisode(demo.initial), demo.command, 0, at).snapshot();
    const { hash } = await replayElsewhere({ snapshot, rows: demo.command.slice(8 * at) });
    expect(hash).toBe(demo.replayHash);
  });
});

describe('functions that differ between JavaScript engines', () => {
  const ENGINE_DEPENDENT = [
    ...(['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh'] as const),
    ...(['asinh', 'acosh', 'atanh', 'exp', 'expm1', 'log', 'log1p', 'log2', 'log10'] as const),
    ...(['pow', 'hypot', 'cbrt', 'random'] as const),
  ];
  afterEach(() => vi.restoreAllMocks());

  it('are called nowhere between a seed and the end of an episode', () => {
    for (const name of ENGINE_DEPENDENT) {
      vi.spyOn(Math, name).mockImplementation(() => {
        throw new Error(`Math.${name} is not the same in every engine`);
      });
    }
    expect(() => Math.sin(1)).toThrow();
    const initial = task.sampleInitialState(demo.seed ?? 0);
    expect(initial).toEqual(demo.initial);
    const q = new Float64Array(7);
    expect(new IkSolver().solve(initial.joints, [0.5, 0.1, 0.2], handDown(0.1), q).converged).toBe(
      true,
    );
    const half = Math.floor(demo.length / 2);
    const episode = playRows(startEpisode(initial), demo.command, 0, half);
    const restored = restoreEpisode(episode.snapshot());
    expect(playRows(restored, demo.command, half).hash).toBe(demo.replayHash);
    expect(restored.observe().state).toHaveLength(8);
  });
});
