import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { handAt, Recorder } from '../../demos/demonstrate.ts';
import { findExpert } from '../../demos/experts/index.ts';
import { HOME } from '../../sim/arm/panda.ts';
import { handDown, IkSolver, PHYSICS, SimError, TASKS } from '../../sim/index.ts';
import { within } from '../support/arbitraries.ts';
import { largestDifference } from '../support/matrix.ts';
import {
  demonstrateMode,
  freeEpisodes,
  HOLD,
  initial,
  playRows,
  rowOf,
  startEpisode,
  task,
} from '../support/simulation.ts';

afterEach(freeEpisodes);

describe('a demonstration', () => {
  const demo = demonstrateMode('left', 7);

  it('says what was shown, from where and with which physics', () => {
    expect(demo).toMatchObject({
      task: 'left-right',
      mode: 'left',
      source: 'scripted',
      seed: 7,
      controlHz: 20,
      success: true,
      contact: false,
      initial: task.sampleInitialState(7),
      physics: PHYSICS,
    });
  });

  it('has one row of each kind for every control step', () => {
    expect(demo.state).toHaveLength(8 * demo.length);
    expect(demo.action).toHaveLength(8 * demo.length);
    expect(demo.command).toHaveLength(8 * demo.length);
    expect(demo.environment).toHaveLength(task.environmentNames.length * demo.length);
  });

  it('observes before it acts: row t is what the command of row t was given on', () => {
    const episode = startEpisode(demo.initial);
    for (let t = 0; t < demo.length; t++) {
      const { state, environment } = episode.observe();
      expect(state).toEqual(rowOf(demo.state, t));
      expect(environment).toEqual(demo.environment.subarray(6 * t, 6 * t + 6));
      playRows(episode, demo.command, t, t + 1);
    }
    expect(episode.hash).toBe(demo.replayHash);
  });

  it('labels each step with what was executed, as long as nobody pushes', () => {
    expect(demo.action).toEqual(demo.command);
  });

  it('is the same for the same seeds and another for another expert seed', () => {
    expect(demonstrateMode('left', 7)).toEqual(demo);
    const other = demonstrateMode('left', 7, { expertSeed: 8 });
    expect(other.initial).toEqual(demo.initial);
    expect(other.replayHash).not.toBe(demo.replayHash);
  });

  it('of the other mode begins at the very same start: the data are truly ambiguous', () => {
    const other = demonstrateMode('right', 7);
    expect(other.initial).toEqual(demo.initial);
    expect(rowOf(other.state, 0)).toEqual(rowOf(demo.state, 0));
    expect(other.mode).toBe('right');
    expect(other.success).toBe(true);
  });

  it('without noise is the nominal path, whatever the expert seed', () => {
    const nominal = demonstrateMode('left', 7, { noise: 0 });
    expect(demonstrateMode('left', 7, { noise: 0, expertSeed: 99 })).toEqual(nominal);
    expect(nominal.success).toBe(true);
  });
});

describe('pushes', () => {
  const pushed = demonstrateMode('right', 21, { pushes: true });
  const differs = (t: number) =>
    largestDifference(rowOf(pushed.action, t), rowOf(pushed.command, t)) > 0;

  it('show in what is executed and not in the label, now and then', () => {
    const steps = Array.from({ length: pushed.length }, (_, t) => t).filter(differs);
    expect(steps.length).toBeGreaterThan(0.1 * pushed.length);
    expect(steps.length).toBeLessThan(0.7 * pushed.length);
  });

  it('do not touch the gripper', () => {
    for (let t = 0; t < pushed.length; t++) {
      expect(rowOf(pushed.command, t)[7]).toBe(rowOf(pushed.action, t)[7]);
    }
  });

  it('replay from the executed commands', () => {
    expect(playRows(startEpisode(pushed.initial), pushed.command).hash).toBe(pushed.replayHash);
  });

  it('leave the expert successful', () => {
    const results = Array.from({ length: 10 }, (_, i) =>
      demonstrateMode(i % 2 ? 'left' : 'right', 100 + i, { pushes: true }),
    );
    expect(results.filter(({ success }) => success).length).toBeGreaterThanOrEqual(9);
  });
});

describe('Recorder', () => {
  it('keeps no mode for an attempt that never passed the post', () => {
    const episode = startEpisode();
    const recorder = new Recorder(episode);
    for (let k = 0; k < 3; k++) recorder.step(HOLD);
    const attempt = recorder.finish({ source: 'browser', seed: null, initial });
    expect(attempt).toMatchObject({ mode: null, success: false, length: 3, source: 'browser' });
    expect(attempt.replayHash).toBe(episode.hash);
  });

  it('keeps an attempt of no steps as empty rows', () => {
    const attempt = new Recorder(startEpisode()).finish({ source: 'browser', seed: null, initial });
    expect(attempt.length).toBe(0);
    for (const rows of [attempt.state, attempt.environment, attempt.action, attempt.command]) {
      expect(rows).toHaveLength(0);
    }
  });

  it('copies what it is given: the caller may use its buffer again', () => {
    const recorder = new Recorder(startEpisode());
    const buffer = Float64Array.from(HOLD);
    recorder.step(buffer);
    buffer.fill(0);
    const { action, command } = recorder.finish({ source: 'browser', seed: null, initial });
    expect(action).toEqual(Float32Array.from(HOLD));
    expect(command).toEqual(Float32Array.from(HOLD));
  });
});

describe('handAt', () => {
  it('gives back the pose that inverse kinematics was asked for', () => {
    fc.assert(
      fc.property(
        within(0.35, 0.7),
        within(-0.2, 0.2),
        within(0.05, 0.2),
        within(-1, 1),
        (x, y, z, yaw) => {
          const q = new Float64Array(7);
          new IkSolver().solve(HOME, [x, y, z], handDown(yaw), q, { maxIterations: 300 });
          const hand = handAt(q, 0.05);
          expect(largestDifference(hand.position, [x, y, z])).toBeLessThan(1e-4);
          expect(Math.abs(hand.yaw - yaw)).toBeLessThan(1e-3);
          expect(hand.opening).toBe(0.05);
        },
      ),
    );
  });
});

describe('findExpert', () => {
  it('has an expert for the tasks that can be demonstrated by script', () => {
    for (const { name } of TASKS) expect(findExpert(name)).not.toBeNull();
    expect(() => findExpert('juggling')).toThrow(SimError);
  });
});
