import { expect, it } from 'vitest';
import { SCHEMES } from '../../../server/protocol/chunking.ts';
import { chunkingsOf } from '../../../server/stage/chunkings.ts';
import { SCRIPTED_POLICY, ScriptedPolicy } from '../../support/scripted-policy.ts';
import { holdStill } from '../../support/stages.ts';

const TA = 8;
const of = async (inpainting: boolean) => {
  return { planner: await new ScriptedPolicy(holdStill, SCRIPTED_POLICY).prepare(1), inpainting };
};

it.each(SCHEMES)('arms act as they are asked to while plans are made: %s', async (scheme) => {
  const chunking = { scheme, delay: 4 };
  expect(chunkingsOf({ chunking }, [await of(true)], TA)).toEqual([chunking]);
});

it('one whose policy cannot go on from known actions takes up its plan where that is', async () => {
  const chunking = { scheme: 'real-time', delay: 4 } as const;
  const policies = [await of(false), await of(true)];
  expect(chunkingsOf({ chunking }, policies, TA)).toEqual([
    { scheme: 'asynchronous', delay: 4 },
    chunking,
  ]);
});

it('plans are there at once unless asked otherwise', async () => {
  expect(chunkingsOf({}, [await of(true)], TA)).toEqual([undefined]);
});

it('a delay for which the horizons leave no room is refused', async () => {
  const chunking = { scheme: 'asynchronous', delay: TA + 1 } as const;
  const policies = [await of(true)];
  expect(() => chunkingsOf({ chunking }, policies, TA)).toThrow('at most 8 control steps');
});
