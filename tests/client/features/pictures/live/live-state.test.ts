import { describe, expect, it } from 'vitest';
import {
  columnsWith,
  LIVE_CAPTIONS,
} from '../../../../../client/features/pictures/live/captions.ts';
import { createLiveState } from '../../../../../client/features/pictures/live/live-state.ts';
import { lossCurve } from '../../../../../client/features/pictures/live/loss-curve.ts';
import type { ToWorker } from '../../../../../client/features/pictures/live/messages.ts';

function open() {
  const told: ToWorker[] = [];
  const live = createLiveState((message) => told.push(message));
  const kinds = () => told.splice(0).map(({ kind }) => kind);
  return { live, told, kinds };
}

const CAT = { rgb: new Uint8Array(768), caption: 'a cat', share: 0.25 };

function drawn(training: number, step: number) {
  const drawn = { step, captions: [], rgb: new Uint8Array(0) };
  return { kind: 'drawn', training, drawn } as const;
}

describe('a training in the page', () => {
  it('asks its worker for nothing before it is begun', () => {
    const { live, kinds } = open();
    live.guidance.value = 3;
    live.add(CAT);
    expect(kinds()).toEqual([]);
    live.toggle();
    expect(kinds()).toEqual(['guide', 'own', 'play', 'begin', 'play']);
    live.toggle();
    live.guidance.value = 2;
    expect(kinds()).toEqual(['play', 'guide']);
    expect(live.playing.value).toBe(false);
  });

  it('begins again with the seed as it is, and hears no more of the one before', () => {
    const { live, told } = open();
    live.toggle();
    live.hear({ kind: 'progress', training: 1, steps: [{ step: 1, loss: 2 }], rate: 9 });
    live.seed.value = 7;
    live.restart();
    expect(told.findLast(({ kind }) => kind === 'begin')).toEqual({
      kind: 'begin',
      training: 2,
      seed: 7,
    });
    live.hear({ kind: 'progress', training: 1, steps: [{ step: 2, loss: 1 }], rate: 9 });
    expect(live.steps.value).toEqual([]);
    live.hear({ kind: 'progress', training: 2, steps: [{ step: 1, loss: 3 }], rate: 8 });
    expect([live.steps.value, live.rate.value]).toEqual([[{ step: 1, loss: 3 }], 8]);
  });

  it('that failed begins anew when it is asked for', () => {
    const { live, kinds } = open();
    live.toggle();
    kinds();
    live.hear({ kind: 'failed', message: 'no memory' });
    expect([live.error.value, live.playing.value]).toEqual(['no memory', false]);
    live.toggle();
    expect(kinds()).toContain('begin');
    expect([live.error.value, live.playing.value]).toEqual([null, true]);
  });

  it('keeps a bounded number of drawings, the first and the last among them', () => {
    const { live } = open();
    live.toggle();
    for (let step = 0; step <= 500; step++) live.hear(drawn(1, step));
    const steps = live.drawings.value.map(({ step }) => step);
    expect(steps.length).toBeLessThanOrEqual(48);
    expect([steps[0], steps.at(-1)]).toEqual([0, 500]);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  });

  it('takes pictures of one’s own up to half of the data', () => {
    const { live } = open();
    for (let i = 0; i < 3; i++) live.add(CAT);
    expect(live.own.value).toHaveLength(2);
    expect(live.hasRoom(0.05)).toBe(false);
    live.remove(0);
    expect(live.hasRoom(0.25)).toBe(true);
  });
});

describe('the columns', () => {
  it('give their last places to captions of one’s own', () => {
    expect(columnsWith([])).toEqual(LIVE_CAPTIONS);
    const columns = columnsWith(['mine', 'yours']);
    expect(columns).toHaveLength(LIVE_CAPTIONS.length);
    expect(columns.slice(-3)).toEqual([LIVE_CAPTIONS.at(-3), 'mine', 'yours']);
  });
});

describe('the loss curve', () => {
  it('shows means of a few steps, and none that is not complete', () => {
    const steps = Array.from({ length: 9 }, (_, i) => ({ step: i + 1, loss: i + 1 }));
    expect(lossCurve(steps, 400)).toEqual([
      [4, 8],
      [2.5, 6.5],
    ]);
  });
});
