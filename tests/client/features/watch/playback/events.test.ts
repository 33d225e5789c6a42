import { describe, expect, it } from 'vitest';
import {
  eventsOf,
  isNotable,
  nearestEvent,
  neighbour,
  type TrackEvent,
} from '../../../../../client/features/watch/playback/events.ts';
import { Track } from '../../../../../client/features/watch/playback/track.ts';
import type { StageFrame } from '../../../../../server/protocol/index.ts';
import { episodeInfo, fanAt, frameAt } from './support.ts';

function withOpening(frame: StageFrame, opening: number): StageFrame {
  return { ...frame, lanes: frame.lanes.map((lane) => ({ ...lane, opening })) };
}

const kinds = (events: readonly TrackEvent[]) => events.map(({ kind, step }) => [kind, step]);
const notable = (track: Track) => kinds(eventsOf(track, '1').filter(isNotable));

describe('what happened to a view', () => {
  it('is a tick for each plan, late where it took longer than a control step of 50 ms', () => {
    const track = new Track(episodeInfo(), ['1', '3']);
    track.addFan({ ...fanAt(0, 0), milliseconds: 50 });
    track.addFan({ ...fanAt(0, 16), milliseconds: 51 });
    track.addFan({ ...fanAt(1, 16), milliseconds: 80 });
    expect(eventsOf(track, '1')).toEqual([
      { kind: 'plan', lane: '1', step: 0, milliseconds: 50, late: false },
      { kind: 'plan', lane: '1', step: 16, milliseconds: 51, late: true },
    ]);
  });

  it('is where the gripper begins to close and to open, whatever it trembles', () => {
    const track = new Track(episodeInfo(), ['1', '3']);
    const opening = (step: number) => {
      const tremble = 0.0004 * (step % 2);
      if (step <= 30) return 0.08 - tremble;
      if (step <= 40) return 0.08 - 0.003 * (step - 30) - tremble;
      if (step <= 60) return 0.05 - tremble;
      return 0.05 + 0.002 * (step - 60);
    };
    for (let step = 0; step <= 70; step++) {
      track.addFrame(withOpening(frameAt(step), opening(step)));
    }
    expect(notable(track)).toEqual([
      ['closes', 30],
      ['opens', 60],
    ]);
  });

  it('is a contact and success where they were first reported', () => {
    const track = new Track(episodeInfo(), ['1', '3']);
    for (let step = 0; step <= 9; step++) {
      const flags = { contact: step >= 4, success: step >= 7 };
      track.addFrame(withOpening(frameAt(step, flags), 0.05));
    }
    expect(notable(track)).toEqual([
      ['contact', 4],
      ['success', 7],
    ]);
  });

  it('is a switch of side where the plan that is acted on changes its way, but not into a post', () => {
    const track = new Track(episodeInfo(), ['1', '3']);
    (['invalid', 'none', 'left', 'left', 'invalid', 'right'] as const).forEach((mode, i) => {
      track.addFan(fanAt(0, 16 * i, [mode, 'right']));
    });
    expect(eventsOf(track, '1').filter(({ kind }) => kind === 'turns')).toEqual([
      { kind: 'turns', lane: '1', step: 32, from: -2, to: 0 },
      { kind: 'turns', lane: '1', step: 80, from: -2, to: 1 },
    ]);
  });

  it('says nothing of sides after a post has been touched', () => {
    const track = new Track(episodeInfo(), ['1', '3']);
    track.addFan(fanAt(0, 0, ['left']));
    track.addFrame(withOpening(frameAt(5, { contact: true }), 0.05));
    track.addFan(fanAt(0, 16, ['right']));
    expect(notable(track)).toEqual([['contact', 5]]);
  });

  it('is nothing in a view that does not act', () => {
    expect(eventsOf(new Track(episodeInfo(), ['1', '3']), '2')).toEqual([]);
  });
});

describe('going from event to event', () => {
  const plan = { lane: '1', milliseconds: 9 } as const;
  const events: readonly TrackEvent[] = [
    { kind: 'plan', step: 0, late: false, ...plan },
    { kind: 'success', lane: '3', step: 60 },
    { kind: 'plan', step: 40, late: true, ...plan },
    { kind: 'contact', lane: '1', step: 20 },
  ];
  const to = (step: number, direction: 1 | -1) => neighbour(events, step, direction)?.step ?? null;

  it('passes over ordinary plans, whichever view it is', () => {
    expect([to(0, 1), to(20, 1), to(40, 1), to(60, 1)]).toEqual([20, 40, 60, null]);
    expect([to(99, -1), to(60, -1), to(20, -1)]).toEqual([60, 40, null]);
  });

  it('finds what lies under a pointer, what is notable first', () => {
    const crowd: readonly TrackEvent[] = [
      { kind: 'plan', step: 19, late: false, ...plan },
      ...events,
    ];
    expect(nearestEvent(crowd, 19, 2)?.kind).toBe('contact');
    expect(nearestEvent(crowd, 1, 2)?.kind).toBe('plan');
    expect(nearestEvent(crowd, 50, 2)).toBeNull();
  });
});
