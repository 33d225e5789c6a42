import { expect, it } from 'vitest';
import { Random } from '../../../policies/random.ts';
import { reportError } from '../../../server/error-report.ts';
import type { AskedReply } from '../../../server/openpi/asked.ts';
import { type DrawnPlans, PlanHost } from '../../../server/openpi/plan-host.ts';
import type { PlanRequest } from '../../../server/openpi/request.ts';
import { SCRIPTED_SPEC, type Script, ScriptedPolicy } from '../../support/scripted-policy.ts';
import { until } from '../../support/until.ts';

const SIZE = SCRIPTED_SPEC.predHorizon * 8;
const ASKED: PlanRequest = {
  rows: 1,
  single: true,
  observation: new Float32Array(28).fill(0.5),
  images: null,
  instructions: [],
  noise: null,
  seeds: null,
};

/** A host of a policy that answers with the noise it was given, or as a script says. */
async function host(script: Script = ({ noise }) => noise) {
  const replies: AskedReply<DrawnPlans>[] = [];
  const opened = await PlanHost.open(new ScriptedPolicy(script), {
    planning: {},
    batch: 4,
    reply: (reply) => replies.push(reply),
    report: reportError,
  });
  const ask = async (request: Partial<PlanRequest>, noiseKey: readonly number[] = [1, 2, 3]) => {
    const id = replies.length;
    opened.command({ id, request: { ...ASKED, ...request }, noiseKey });
    await until(() => replies.length > id, 'a reply');
    return replies[id];
  };
  return { ask, replies, opened };
}

/** The noise of a key. */
const noiseOf = (...key: number[]) => Random.of(...key).fillNormal(new Float32Array(SIZE));

it('draws from the noise it is given, else from that of a seed, else from its own', async () => {
  const { ask, replies } = await host();
  expect(replies).toEqual([{ kind: 'ready' }]);
  const noise = noiseOf(99);
  expect(await ask({ noise })).toMatchObject({ kind: 'answer', answer: { chunk: noise } });
  expect(await ask({ seeds: [5] })).toMatchObject({ answer: { chunk: noiseOf(5) } });
  expect(await ask({})).toMatchObject({ answer: { chunk: noiseOf(1, 2, 3, 0) } });
  expect(await ask({}, [1, 2, 4])).toMatchObject({ answer: { chunk: noiseOf(1, 2, 4, 0) } });
});

it('asks about several rows with as many as its batch has, and answers for those asked about', async () => {
  const seen: number[] = [];
  const { ask } = await host(({ observation, noise }) => {
    seen.push(observation.length / 28, ...observation.subarray(2 * 28, 2 * 28 + 1));
    return noise;
  });
  const observation = new Float32Array(56).fill(0.5);
  const reply = await ask({ rows: 2, single: false, observation, seeds: [7, 8] });
  expect(seen).toEqual([4, 0]);
  expect(reply).toMatchObject({
    answer: { chunk: Float32Array.from([...noiseOf(7), ...noiseOf(8)]) },
  });
});

it('answers in the order it is asked, and what fails fails alone', async () => {
  let call = 0;
  const { opened, replies } = await host(({ noise }) => {
    if (call++ === 1) throw new RangeError('out of room');
    return noise;
  });
  for (const id of [1, 2, 3]) opened.command({ id, request: ASKED, noiseKey: [id] });
  await until(() => replies.length === 4, 'three replies');
  expect(replies.slice(1)).toMatchObject([
    { kind: 'answer', id: 1 },
    { kind: 'error', id: 2, error: { code: 'internal', message: 'out of room' } },
    { kind: 'answer', id: 3 },
  ]);
});
