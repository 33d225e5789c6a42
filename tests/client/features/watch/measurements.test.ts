import { beforeEach, describe, expect, it } from 'vitest';
import {
  createMeasurements,
  type Measurements,
} from '../../../../client/features/watch/measurements.ts';
import type { LaneId } from '../../../../client/shared/lanes/lanes.ts';
import type { LaneCounts } from '../../../../server/protocol/index.ts';
import { episodeInfo } from './playback/support.ts';

let measurements: Measurements;
beforeEach(() => {
  measurements = createMeasurements();
});

const counted = (episodes: number): LaneCounts => ({
  episodes,
  successes: episodes,
  contacts: 0,
  obeyed: 0,
  modes: {},
});
const LANES: readonly LaneId[] = ['1', '2'];
const report = (episode: number) =>
  measurements.report(episodeInfo({ episode, counts: LANES.map(() => counted(episode)) }), LANES);
const horizonTallied = () => [...measurements.tally.value.values()];
const time = (lane: LaneId, milliseconds = 5) =>
  measurements.timed({ lane, episode: 0, step: 20, milliseconds, period: 50 });

describe('what the stage has shown', () => {
  it('is counted a lane, once an episode has ended', () => {
    report(0);
    expect(horizonTallied()).toEqual([]);
    report(1);
    report(2);
    expect(horizonTallied()).toMatchObject([{ 1: { episodes: 2 }, 2: { episodes: 2 } }]);
  });

  it('is timed in order of arrival, the last 3600 plans of all lanes', () => {
    for (let i = 0; i < 3660; i++) time(i % 2 ? '1' : '2', i);
    const times = measurements.planTimes.value;
    expect(times).toHaveLength(3600);
    expect(times.at(0)).toMatchObject({ number: 60, milliseconds: 60 });
    expect(times.at(-1)).toMatchObject({ number: 3659, lane: '1' });
  });

  it('is forgotten of one lane alone, and plans go on being numbered', () => {
    report(0);
    report(1);
    time('1');
    time('2');
    measurements.forget('1');
    expect(horizonTallied().map((lanes) => Object.keys(lanes))).toEqual([['2']]);
    expect(measurements.planTimes.value).toMatchObject([{ lane: '2', number: 1 }]);
    time('1');
    expect(measurements.planTimes.value.map(({ number }) => number)).toEqual([1, 2]);
  });

  it('is counted anew where all do something else, as fast as before', () => {
    report(0);
    report(1);
    time('1');
    measurements.clearCounts();
    expect(horizonTallied()).toEqual([]);
    expect(measurements.planTimes.value).toHaveLength(1);
    report(2);
    expect(horizonTallied()).toEqual([]);
  });
});
