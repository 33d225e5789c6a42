import { afterEach, expect, it } from 'vitest';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { StageHost, type StageMessage } from '../../../server/lab/stage-host.ts';
import {
  type StageRequest,
  type StageSettings,
  stageSettingsSchema,
  unpackFan,
} from '../../../server/protocol/index.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

const engine = createCompiledEngine();
const hosts: StageHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.close();
});

async function openHost(): Promise<{ host: StageHost; said: StageMessage[] }> {
  const said: StageMessage[] = [];
  const host = new StageHost(await temporaryWorkspace(), rapier, engine, (message) => {
    said.push(message);
  });
  hosts.push(host);
  return { host, said };
}

function settings(policy: object, rest: Partial<StageRequest> = {}): StageSettings {
  return stageSettingsSchema.parse({ lanes: [{ policy, nfe: 1 }], fan: 1, speed: 8, ...rest });
}

const FLOW = { kind: 'shipped', name: 'flow' };

/** The first message to a viewer that `pick` takes. */
function heard<T>(
  said: readonly StageMessage[],
  viewer: string,
  pick: (message: StageMessage) => T | undefined,
): Promise<T> {
  const own = () => said.filter((each) => each.viewer === viewer);
  return until(
    () =>
      own()
        .map(pick)
        .find((each) => each !== undefined),
    `word to ${viewer}`,
  );
}

const asEpisode = (message: StageMessage) =>
  message.kind === 'episode' ? message.episode : undefined;
const asError = (message: StageMessage) => (message.kind === 'error' ? message.error : undefined);
const asFrame = (message: StageMessage) => (message.kind === 'frame' ? message.packed : undefined);
const asFan = (message: StageMessage) =>
  message.kind === 'fan' ? (unpackFan(message.packed) ?? undefined) : undefined;

it('each viewer has a stage of its own settings', async () => {
  const { host, said } = await openHost();
  host.command({ viewer: 'a', kind: 'set', settings: settings(FLOW, { episode: 3, fan: 2 }) });
  host.command({ viewer: 'b', kind: 'set', settings: settings(FLOW, { episode: 8 }) });
  expect(await heard(said, 'a', asEpisode)).toMatchObject({ episode: 3 });
  expect(await heard(said, 'b', asEpisode)).toMatchObject({ episode: 8 });
  expect((await heard(said, 'a', asFan)).paths).toHaveLength(2);
  expect((await heard(said, 'b', asFan)).paths).toHaveLength(1);
  expect((await heard(said, 'b', asEpisode)).engine).toBe(engine.name);
});

it('a viewer that leaves soon hears nothing more', async () => {
  const { host, said } = await openHost();
  host.command({ viewer: 'a', kind: 'set', settings: settings(FLOW) });
  await heard(said, 'a', asFrame);
  host.command({ viewer: 'a', kind: 'close' });
  host.command({ viewer: 'b', kind: 'set', settings: settings(FLOW) });
  const heardBy = (viewer: string) => said.filter((each) => each.viewer === viewer).length;
  await until(() => heardBy('b') > 5, 'what was under way to be over');
  const before = heardBy('a');
  await until(() => heardBy('b') > 20, 'another viewer to hear much');
  expect(heardBy('a')).toBe(before);
});

it('a viewer that leaves while its policies are compiled never hears of them', async () => {
  const { host, said } = await openHost();
  host.command({ viewer: 'a', kind: 'set', settings: settings(FLOW, { fan: 3 }) });
  host.command({ viewer: 'a', kind: 'close' });
  host.command({ viewer: 'b', kind: 'set', settings: settings(FLOW, { fan: 3 }) });
  await heard(said, 'b', asFrame);
  expect(said.filter(({ viewer }) => viewer === 'a')).toEqual([]);
});

it('commands of somebody unknown are left alone', async () => {
  const { host, said } = await openHost();
  host.command({ viewer: 'ghost', kind: 'play', playing: false });
  host.command({ viewer: 'ghost', kind: 'speed', speed: 2 });
  host.command({ viewer: 'ghost', kind: 'next' });
  host.command({ viewer: 'ghost', kind: 'close' });
  host.command({ viewer: 'a', kind: 'set', settings: settings(FLOW) });
  await heard(said, 'a', asFrame);
  expect(said.filter(({ viewer }) => viewer === 'ghost')).toEqual([]);
});

it.each<[string, object, Partial<StageRequest>, string, string]>([
  ['a run that is not there', { kind: 'run', id: 'nope' }, {}, 'not-found', '"nope"'],
  ['a horizon beyond the plan', FLOW, { actionHorizon: 100 }, 'invalid-request', '1 to 32'],
  ['an unknown task', FLOW, { task: 'juggle' }, 'invalid-request', '"juggle"'],
  ['a ball out of reach', FLOW, { object: [9, 0] }, 'invalid-request', 'ball x'],
])(
  '%s is said to the viewer who asked, and to nobody else',
  async (_, policy, rest, code, text) => {
    const { host, said } = await openHost();
    host.command({ viewer: 'b', kind: 'set', settings: settings(FLOW) });
    host.command({ viewer: 'a', kind: 'set', settings: settings(policy, rest) });
    const error = await heard(said, 'a', asError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
    await heard(said, 'b', asFrame);
    expect(said.some(({ viewer, kind }) => viewer === 'b' && kind === 'error')).toBe(false);
    host.command({ viewer: 'a', kind: 'set', settings: settings(FLOW) });
    await heard(said, 'a', asFrame);
  },
);
