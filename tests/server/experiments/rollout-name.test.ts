import { expect, it } from 'vitest';
import { formatRollout, parseRollout } from '../../../server/experiments/rollout-name.ts';

it.each(['sweep', '../a b/c', 'C:\\runs\\#1', '#'])(
  'a rollout of %j is read as it was written',
  (directory) => {
    const name = { directory, contender: 3, start: 0, noise: 12 };
    expect(parseRollout(formatRollout(name))).toEqual(name);
  },
);

it.each(['sweep', '#1/2/3', 'sweep#1/2', 'sweep#1/2/-3', 'sweep#1/2/3/4', 'sweep#1/2/9999999', ''])(
  'what is written as %j is refused',
  (text) => {
    expect(() => parseRollout(text)).toThrow('expected DIR#CONTENDER/START/NOISE');
  },
);
