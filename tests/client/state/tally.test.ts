import { describe, expect, it } from 'vitest';
import { ExperimentLog } from '../../../client/state/tally.ts';

const counts = (episodes: number, successes: number) => ({
  flow: { episodes, successes, contacts: episodes - successes, modes: { left: successes } },
});

describe('the experiment log', () => {
  it('adds up what was counted under one action horizon, also when one comes back to it', () => {
    const log = new ExperimentLog();
    log.report(16, counts(0, 0));
    log.report(16, counts(1, 0));
    log.report(16, counts(2, 1));
    log.report(4, counts(0, 0));
    log.report(4, counts(3, 3));
    log.report(16, counts(0, 0));
    log.report(16, counts(1, 1));
    const tally = log.tally();
    expect([...tally.keys()]).toEqual([4, 16]);
    expect(tally.get(4)?.flow).toMatchObject({ episodes: 3, successes: 3 });
    expect(tally.get(16)?.flow).toMatchObject({ episodes: 3, successes: 2, modes: { left: 2 } });
  });

  it('notices that the server has begun to count anew', () => {
    const log = new ExperimentLog();
    log.report(8, counts(5, 2));
    log.report(8, counts(0, 0));
    log.report(8, counts(1, 1));
    expect(log.tally().get(8)?.flow).toMatchObject({ episodes: 6, successes: 3 });
  });

  it('says nothing of a horizon without an ended episode', () => {
    const log = new ExperimentLog();
    log.report(8, counts(0, 0));
    expect(log.tally().size).toBe(0);
  });

  it('forgets when another policy comes', () => {
    const log = new ExperimentLog();
    log.report(8, counts(5, 2));
    log.clear();
    expect(log.tally().size).toBe(0);
  });
});
