import { describe, expect, it } from 'vitest';
import { ExperimentLog } from '../../../../client/features/watch/tally.ts';

const counts = (episodes: number, successes: number) => ({
  flow: {
    episodes,
    successes,
    contacts: episodes - successes,
    obeyed: successes,
    modes: { left: successes },
  },
});

const at = (actionHorizon: number, episode: number, seed = 0) => ({ actionHorizon, seed, episode });

/** Reports what a new stage says that plays episodes with these outcomes, and begins one more. */
function play(log: ExperimentLog, first: ReturnType<typeof at>, outcomes: readonly boolean[]) {
  outcomes.concat(false).forEach((_, i) => {
    const successes = outcomes.slice(0, i).filter(Boolean).length;
    log.report({ ...first, episode: first.episode + i }, counts(i, successes));
  });
}

describe('the experiment log', () => {
  it('adds up what was seen under one action horizon, also when one comes back to it', () => {
    const log = new ExperimentLog();
    play(log, at(16, 0), [false, true]);
    play(log, at(4, 2), [true, true, true]);
    play(log, at(16, 5), [true]);
    const tally = log.tally();
    expect([...tally.keys()]).toEqual([4, 16]);
    expect(tally.get(4)?.flow).toEqual(counts(3, 3).flow);
    expect(tally.get(16)?.flow).toEqual({ ...counts(3, 2).flow, modes: { left: 2 } });
  });

  it('counts an episode that was run again once: it came out the same', () => {
    const log = new ExperimentLog();
    play(log, at(16, 0), [false, true]);
    play(log, at(16, 0), [false, true, true]);
    expect(log.tally().get(16)?.flow).toMatchObject({ episodes: 3, successes: 2 });
    play(log, at(16, 0, 7), [true]);
    expect(log.tally().get(16)?.flow).toMatchObject({ episodes: 4, successes: 3 });
  });

  it('leaves out an episode that was left before its end', () => {
    const log = new ExperimentLog();
    log.report(at(8, 0), counts(0, 0));
    log.report(at(8, 1), counts(0, 0));
    log.report(at(8, 2), counts(1, 1));
    expect(log.tally().get(8)?.flow).toMatchObject({ episodes: 1, successes: 1 });
  });

  it('says nothing of a horizon without an ended episode', () => {
    const log = new ExperimentLog();
    log.report(at(8, 0), counts(0, 0));
    expect(log.tally().size).toBe(0);
  });

  it('forgets a lane in which another policy comes, and no other', () => {
    const log = new ExperimentLog();
    const both = (episodes: number) => ({
      ...counts(episodes, episodes),
      l2: { episodes, successes: 0, contacts: episodes, obeyed: 0, modes: {} },
    });
    log.report(at(8, 0), both(0));
    log.report(at(8, 1), both(1));
    log.forget('flow');
    // The other goes on from where it was; this one begins at nothing.
    log.report(at(8, 1), { ...both(1), ...counts(0, 0) });
    log.report(at(8, 2), { ...both(2), ...counts(1, 0) });
    expect(log.tally().get(8)).toMatchObject({
      l2: { episodes: 2 },
      flow: { episodes: 1, successes: 0 },
    });
    log.forget('l2');
    log.forget('flow');
    expect(log.tally().size).toBe(0);
  });

  it('forgets when another policy comes, and the last of the one before it', () => {
    const log = new ExperimentLog();
    play(log, at(8, 0), [true, true]);
    log.clear();
    expect(log.tally().size).toBe(0);
    log.report(at(8, 3), counts(3, 3));
    expect(log.tally().size).toBe(0);
  });
});
