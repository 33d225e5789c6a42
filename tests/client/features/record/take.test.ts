import { afterEach, describe, expect, it } from 'vitest';
import type { Move } from '../../../../client/features/record/clutch.ts';
import { KEY_SPEED } from '../../../../client/features/record/hand.ts';
import { Take } from '../../../../client/features/record/take.ts';
import { ACTION_DIM } from '../../../../sim/index.ts';
import {
  freeEpisodes,
  initial,
  playRows,
  rapier,
  startEpisode,
  task,
} from '../../../support/simulation.ts';

const takes: Take[] = [];
let now = 1000;

function begin(maxSteps = 2400): Take {
  const take = new Take({ rapier, task, initial, seed: 5, maxSteps });
  takes.push(take);
  take.tick(now);
  return take;
}

/** Lets time pass as a page does that looks every few milliseconds. */
function pass(take: Take, seconds: number): void {
  const end = now + seconds;
  while (now < end) {
    now = Math.min(end, now + 0.013);
    take.tick(now);
  }
}

/** Holds a key until the hand has moved so far, m, and lets it settle. */
function hold(take: Take, move: Move, metres: number): void {
  take.clutch.press(move, now);
  pass(take, metres / KEY_SPEED);
  take.clutch.release(move, now);
  pass(take, 0.5);
}

afterEach(() => {
  for (const take of takes.splice(0)) take.free();
  freeEpisodes();
});

describe('a take', () => {
  it('is ready until the first motion, and then records', () => {
    const take = begin();
    pass(take, 1);
    expect(take.phase).toBe('ready');
    expect(take.recorder.steps).toBe(0);
    take.clutch.press('up', now);
    pass(take, 0.5);
    expect(take.phase).toBe('recording');
    expect(take.recorder.steps).toBeGreaterThanOrEqual(9);
    expect(take.recorder.steps).toBeLessThanOrEqual(10);
  });

  it('moves the hand by the time a key was held', () => {
    const take = begin();
    const [, before] = take.recorder.tcp;
    hold(take, 'right', 0.1);
    expect(take.recorder.tcp[1] - before).toBeCloseTo(0.1, 2);
  });

  it('waits while all is at rest, and records no hesitation', () => {
    const take = begin();
    hold(take, 'up', 0.05);
    pass(take, 2);
    expect(take.phase).toBe('waiting');
    const { steps } = take.recorder;
    pass(take, 5);
    expect(take.recorder.steps).toBe(steps);
    take.clutch.press('up', now);
    pass(take, 0.2);
    expect(take.phase).toBe('recording');
    expect(take.recorder.steps).toBeGreaterThan(steps);
  });

  it('holds when nobody is there any more', () => {
    const take = begin();
    take.clutch.press('right', now);
    pass(take, 0.4);
    take.letGo(now);
    const { position } = take.recorder.hand;
    pass(take, 1);
    expect(take.recorder.hand.position).toEqual(position);
  });

  it('ends at its longest', () => {
    const take = begin(12);
    take.clutch.press('up', now);
    pass(take, 3);
    expect(take.phase).toBe('done');
    expect(take.recorder.steps).toBe(12);
  });

  it('grasps the ball by keys alone, and uploads exactly what was stepped', () => {
    const take = begin();
    const at = () => take.recorder.tcp;
    const [[ballX, ballY, ballZ]] = take.recorder.objects;
    hold(take, 'right', 0.19 - at()[1]);
    hold(take, 'near', ballX - at()[0]);
    hold(take, 'left', at()[1] - ballY);
    hold(take, 'down', at()[2] - ballZ);
    take.toggleGripper();
    pass(take, 0.8);
    hold(take, 'up', 0.15);
    pass(take, 1);
    expect(take.phase).toBe('done');
    const { recording, commands, mode, success } = take.finish();
    expect({ mode, success }).toEqual({ mode: 'left', success: true });
    expect(commands.length).toBe(take.recorder.steps * ACTION_DIM);

    // As the server does: from the start, through the commands.
    const episode = playRows(startEpisode({ ...recording.initial }), commands);
    expect(episode.hash).toBe(recording.replayHash);
    expect(recording.seed).toBe(5);
  });
});

describe('a countdown', () => {
  function counted(): Take {
    const take = begin();
    take.countdown = 3;
    return take;
  }

  it('runs before the first step, and what is asked for meanwhile moves nothing', () => {
    const take = counted();
    const before = take.recorder.tcp;
    take.start();
    take.tick(now);
    expect([take.phase, take.left]).toEqual(['counting', 3]);
    take.clutch.press('up', now);
    take.moveTo([0.5, 0.2, 0.3]);
    take.toggleGripper();
    pass(take, 1.5);
    expect([take.phase, take.left]).toEqual(['counting', 2]);
    take.clutch.release('up', now);
    pass(take, 1.49);
    expect([take.phase, take.left, take.recorder.steps]).toEqual(['counting', 1, 0]);
    pass(take, 0.1);
    expect([take.phase, take.left, take.closing]).toEqual(['recording', null, false]);
    expect(take.recorder.tcp[2]).toBeCloseTo(before[2], 3);
  });

  it('begins with the first motion too, and moves by what is held when it ends', () => {
    const take = counted();
    const height = take.recorder.tcp[2];
    take.clutch.press('up', now);
    pass(take, 2.9);
    expect(take.phase).toBe('counting');
    pass(take, 1);
    expect(take.phase).toBe('recording');
    expect(take.recorder.tcp[2]).toBeGreaterThan(height + 0.05);
  });

  it('is called off when nobody is there any more', () => {
    const take = counted();
    take.start();
    pass(take, 1);
    take.letGo(now);
    take.rest();
    pass(take, 5);
    expect([take.phase, take.left, take.recorder.steps]).toEqual(['ready', null, 0]);
  });
});
