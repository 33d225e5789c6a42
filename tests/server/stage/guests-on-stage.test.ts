/** Policies of other people's servers in views of a stage. */
import { afterEach, expect, it } from 'vitest';
import { reportError } from '../../../server/error-report.ts';
import { encode } from '../../../server/openpi/codec.ts';
import { RemotePolicy } from '../../../server/openpi/remote-policy.ts';
import {
  type PolicySource,
  type StageSettings,
  stageSettingsSchema,
} from '../../../server/protocol/index.ts';
import { StageHost, type StageMessage } from '../../../server/stage/stage-host.ts';
import { fanOf, frameOf } from '../../support/frames.ts';
import { type Answering, holding, startPolicyServer } from '../../support/policy-server.ts';
import { ScriptedPolicy } from '../../support/scripted-policy.ts';
import { HOLD, rapier } from '../../support/simulation.ts';
import { until } from '../../support/until.ts';

const hosts: StageHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.close();
});

const METADATA = { fp: { name: 'guest', horizon: 32, control_hz: 20 } };

/** Moves the first joint on. */
const OWN = new ScriptedPolicy(({ noise }) =>
  Float32Array.from(noise, (_, i) => HOLD[i % 8] + (i % 8 === 0 ? 0.3 : 0)),
);

/** A stage with a policy of ours in the first view, and the guest of a server in the second. */
async function openStage(answering: Answering, { silent = false, stochastic = false } = {}) {
  const metadata = { fp: { ...METADATA.fp, stochastic } };
  const server = await startPolicyServer(answering, { metadata, silent });
  const { url } = server;
  const said: StageMessage[] = [];
  const options = { url, answerMs: 20_000, observationKeys: 'fp', apiKey: undefined } as const;
  const open = async ({ kind }: PolicySource) =>
    kind === 'server' ? RemotePolicy.open(options) : OWN;
  const policies = { open, revision: async () => 0 };
  const world = { rapier, engine: 'scripted', policies, report: reportError };
  const host = new StageHost(world, (message) => said.push(message));
  hosts.push(host);
  const lanes = [{ policy: { kind: 'run', id: 'own' } }, { policy: { kind: 'server', url } }];
  const settings = stageSettingsSchema.parse({ lanes, fan: 4, speed: 8 });
  const set = (change: Partial<StageSettings> = {}) =>
    host.command({ viewer: 'a', command: { kind: 'set', settings: { ...settings, ...change } } });
  set();
  const heard = <K extends StageMessage['kind']>(kind: K) =>
    said.filter((each): each is Extract<StageMessage, { kind: K }> => each.kind === kind);
  const frames = () => heard('frame').map(({ packed }) => frameOf(packed));
  const fans = () => heard('fan').map(({ packed }) => fanOf(packed));
  return { server, set, host, heard, frames, fans };
}

it('a guest acts live beside a policy of ours, and shows the plan that acts', async () => {
  const { heard, fans, frames } = await openStage((asked) => holding(asked, 32));
  const fan = await until(() => fans().find(({ lane }) => lane === 1), "the guest's plan");
  expect(fan.paths).toHaveLength(1);
  const [{ episode }] = heard('episode');
  expect(episode.lanes[1]).toMatchObject({ policy: 'guest', sampler: null, tokens: [] });
  await until(() => fans().find(({ lane }) => lane === 0), "our policy's futures");
  expect(fans().find(({ lane }) => lane === 0)?.paths).toHaveLength(4);
  await until(() => frames().some(({ step }) => step > 25), 'both to go on');
  expect(heard('trouble')).toEqual([]);
});

it('one that may answer in several ways shows what else it might have done', async () => {
  const { fans, heard } = await openStage((asked) => holding(asked, 32), { stochastic: true });
  const fan = await until(() => fans().find(({ lane }) => lane === 1), "the guest's futures");
  expect(fan.paths).toHaveLength(4);
  expect(heard('trouble')).toEqual([]);
});

it('one that never answers holds still, and the other view goes on', async () => {
  const { frames } = await openStage(() => null);
  await until(() => frames().some(({ step }) => step > 25), 'the stage to go on');
  const [first, last] = [frames()[0], frames().at(-1)];
  const moved = (lane: number) =>
    Math.abs((last?.lanes[lane].joints[0] ?? 0) - first.lanes[lane].joints[0]);
  expect(moved(0)).toBeGreaterThan(0.2);
  expect(moved(1)).toBeLessThan(1e-3);
});

it('one that says nothing of itself keeps nobody from what is chosen in its place', async () => {
  const { set, heard, server } = await openStage(() => null, { silent: true });
  await until(() => server.connections.length > 0, 'it to be dialled');
  set({ lanes: [{ policy: { kind: 'run', id: 'own' } }], request: 7 });
  const { episode } = await until(() => heard('episode')[0], 'an episode without it');
  expect(episode).toMatchObject({ request: 7, lanes: [{ source: { kind: 'run' } }] });
  expect(heard('error')).toEqual([]);
});

it('one that fails says so in its own view, once an episode, and is dialled again when it is asked for', async () => {
  let fails = true;
  const { heard, frames, server, set } = await openStage((asked) =>
    fails ? encode({ actions: 'none' }) : holding(asked, 32),
  );
  const { trouble } = await until(() => heard('trouble')[0], 'what is wrong');
  expect(trouble).toMatchObject({
    lane: 1,
    message: expect.stringMatching(/^actions: expected numbers \[32, 8\]/),
  });
  await until(() => frames().some(({ step }) => step > 25), 'the other view to go on');
  // An answer that takes long is of a later episode than the first: the stage plays fast.
  const troubled = heard('trouble').map((each) => each.trouble.episodeId);
  expect(troubled).toEqual([...new Set(troubled)]);
  expect(heard('error')).toEqual([]);

  fails = false;
  const before = server.connections.length;
  set();
  await until(() => server.connections.length > before, 'it to be dialled again');
});

it('says nothing of how a guest plans', async () => {
  const { host, heard, fans } = await openStage((asked) => holding(asked, 32));
  const fan = await until(() => fans().find(({ lane }) => lane === 1), "the guest's plan");
  const moment = { episodeId: fan.episodeId, lane: 1, step: fan.step };
  host.command({ viewer: 'a', ask: { id: 1, inquiry: { kind: 'denoise', ...moment } } });
  const { error } = await until(() => heard('refusal')[0], 'the answer');
  expect(error).toMatchObject({ code: 'conflict', message: /shows nothing of how it plans/ });
});
