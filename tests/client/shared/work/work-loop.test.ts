import { describe, expect, it } from 'vitest';
import { WorkLoop } from '../../../../client/shared/work/work-loop.ts';

/** A loop over words that were told, and what became of them. */
function loopOverWords(perform: (word: string) => void) {
  const told: string[] = [];
  const failures: unknown[] = [];
  let rests = 0;
  const loop = new WorkLoop(
    {
      isWanted: () => told.length > 0,
      perform: async () => perform(told.shift() ?? ''),
      onFailure: (error) => failures.push(error),
    },
    async () => {
      rests++;
    },
  );
  const tell = (word: string) => {
    told.push(word);
    loop.wake();
  };
  return { tell, failures, restsSoFar: () => rests, left: () => told };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a loop of work', () => {
  it('does all it was told, a round each, and rests after each', async () => {
    const done: string[] = [];
    const loop = loopOverWords((word) => done.push(word));
    for (const word of ['one', 'two', 'three']) loop.tell(word);
    await settled();
    expect(done).toEqual(['one', 'two', 'three']);
    expect(loop.restsSoFar()).toBe(3);
  });

  it('takes up what it is told while it works', async () => {
    const done: string[] = [];
    const loop = loopOverWords((word) => {
      done.push(word);
      if (word === 'first') loop.tell('second');
    });
    loop.tell('first');
    await settled();
    expect(done).toEqual(['first', 'second']);
  });

  it('says what failed, and goes on with what is told then', async () => {
    const done: string[] = [];
    const loop = loopOverWords((word) => {
      if (word === 'bad') throw new Error('no');
      done.push(word);
    });
    loop.tell('bad');
    await settled();
    expect(loop.failures).toEqual([new Error('no')]);
    loop.tell('good');
    await settled();
    expect(done).toEqual(['good']);
    expect(loop.left()).toEqual([]);
  });
});
