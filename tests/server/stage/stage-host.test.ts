import { afterEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../../policies/policy.ts';
import { reportError } from '../../../server/error-report.ts';
import {
  type PolicySource,
  type StageRequest,
  type StageSettings,
  stageSettingsSchema,
} from '../../../server/protocol/index.ts';
import { FIRST_POLICIES } from '../../../server/protocol/stage-defaults.ts';
import { StageHost, type StageMessage } from '../../../server/stage/stage-host.ts';
import { openPolicy, revisionOf } from '../../../server/storage/open-policy.ts';
import { fanOf, frameOf } from '../../support/frames.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { ScriptedPolicy, type ScriptInputs } from '../../support/scripted-policy.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

const engine = keepingEngine();
const hosts: StageHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.close();
});

/** @param scripted acts in the place of every policy. @default the policies themselves */
async function openHost(scripted?: Policy): Promise<{ host: StageHost; said: StageMessage[] }> {
  const said: StageMessage[] = [];
  const workspace = await temporaryWorkspace();
  const open = async (source: PolicySource) => scripted ?? openPolicy(workspace, engine, source);
  const policies = { open, revision: (source: PolicySource) => revisionOf(workspace, source) };
  const world = { rapier, engine: engine.name, policies, report: reportError };
  const host = new StageHost(world, (message) => said.push(message));
  hosts.push(host);
  return { host, said };
}

function settings(policy: object, rest: Partial<StageRequest> = {}): StageSettings {
  return stageSettingsSchema.parse({ lanes: [{ policy, nfe: 1 }], fan: 1, speed: 8, ...rest });
}

/** Holds every joint at 0. */
const STILL = ({ noise }: ScriptInputs) => new Float32Array(noise.length);

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
const asFrame = (message: StageMessage) =>
  message.kind === 'frame' ? frameOf(message.packed) : undefined;
const asFan = (message: StageMessage) =>
  message.kind === 'fan' ? fanOf(message.packed) : undefined;

it('each viewer has a stage of its own settings', async () => {
  const { host, said } = await openHost();
  host.command({
    viewer: 'a',
    command: { kind: 'set', settings: settings(FLOW, { episode: 3, fan: 2 }) },
  });
  host.command({ viewer: 'b', command: { kind: 'set', settings: settings(FLOW, { episode: 8 }) } });
  expect(await heard(said, 'a', asEpisode)).toMatchObject({ episode: 3 });
  expect(await heard(said, 'b', asEpisode)).toMatchObject({ episode: 8 });
  expect((await heard(said, 'a', asFan)).paths).toHaveLength(2);
  expect((await heard(said, 'b', asFan)).paths).toHaveLength(1);
  expect((await heard(said, 'b', asEpisode)).engine).toBe(engine.name);
});

it('a stage that is opened for a moment rests there, while others play', async () => {
  const { host, said } = await openHost();
  const sought = { request: 4, episode: 3, step: 2 };
  const { request, episode } = sought;
  host.command({
    viewer: 'a',
    command: { kind: 'set', settings: settings(FLOW, { request, episode }), until: sought },
  });
  host.command({ viewer: 'b', command: { kind: 'set', settings: settings(FLOW) } });
  const frames = (viewer: string) =>
    said.filter((each) => each.viewer === viewer).flatMap((each) => asFrame(each) ?? []);
  await until(() => frames('b').length > 20, 'another stage to play');
  expect(frames('a').map(({ step }) => step)).toEqual([0, 1, 2]);
});

it('a viewer that leaves hears nothing more', async () => {
  const { host, said } = await openHost();
  host.command({ viewer: 'a', command: { kind: 'set', settings: settings(FLOW) } });
  await heard(said, 'a', asFrame);
  host.command({ viewer: 'a', command: null });
  const heardBy = (viewer: string) => said.filter((each) => each.viewer === viewer).length;
  const before = heardBy('a');
  host.command({ viewer: 'b', command: { kind: 'set', settings: settings(FLOW) } });
  await until(() => heardBy('b') > 20, 'another viewer to hear much');
  expect(heardBy('a')).toBe(before);
});

it('a viewer that leaves while its policies are compiled never hears of them', async () => {
  const { host, said } = await openHost();
  host.command({ viewer: 'a', command: { kind: 'set', settings: settings(FLOW, { fan: 3 }) } });
  host.command({ viewer: 'a', command: null });
  host.command({ viewer: 'b', command: { kind: 'set', settings: settings(FLOW, { fan: 3 }) } });
  await heard(said, 'b', asFrame);
  expect(said.filter(({ viewer }) => viewer === 'a')).toEqual([]);
});

it('commands of somebody unknown are left alone', async () => {
  const { host, said } = await openHost();
  host.command({ viewer: 'ghost', command: { kind: 'play', playing: false } });
  host.command({ viewer: 'ghost', command: { kind: 'speed', speed: 2 } });
  host.command({ viewer: 'ghost', command: { kind: 'next' } });
  host.command({ viewer: 'ghost', command: null });
  host.command({ viewer: 'a', command: { kind: 'set', settings: settings(FLOW) } });
  await heard(said, 'a', asFrame);
  expect(said.filter(({ viewer }) => viewer === 'ghost')).toEqual([]);
});

describe.each<[string, object, Partial<StageRequest>, string, string]>([
  ['a run that is not there', { kind: 'run', id: 'nope' }, {}, 'not-found', '"nope"'],
  ['a horizon beyond the plan', FLOW, { actionHorizon: 100 }, 'invalid-request', '1 to 32'],
  ['an unknown task', FLOW, { task: 'juggle' }, 'invalid-request', '"juggle"'],
  ['a ball out of reach', FLOW, { objects: [[9, 0]] }, 'invalid-request', 'ball x'],
])('%s', (_, policy, rest, code, text) => {
  it('is said to the viewer who asked, and to nobody else', async () => {
    const { host, said } = await openHost();
    host.command({ viewer: 'b', command: { kind: 'set', settings: settings(FLOW) } });
    host.command({ viewer: 'a', command: { kind: 'set', settings: settings(policy, rest) } });
    const error = await heard(said, 'a', asError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
    await heard(said, 'b', asFrame);
    expect(said.some(({ viewer, kind }) => viewer === 'b' && kind === 'error')).toBe(false);
    host.command({ viewer: 'a', command: { kind: 'set', settings: settings(FLOW) } });
    await heard(said, 'a', asFrame);
  });

  it('leaves the stage that is there as it is', async () => {
    const { host, said } = await openHost();
    host.command({ viewer: 'a', command: { kind: 'set', settings: settings(FLOW) } });
    await heard(said, 'a', asFrame);
    host.command({ viewer: 'a', command: { kind: 'set', settings: settings(policy, rest) } });
    await heard(said, 'a', asError);
    const before = said.length;
    const later = await until(() => {
      const frames = said.slice(before).map(asFrame);
      return frames.filter((frame) => frame !== undefined).at(5);
    }, 'the stage to go on');
    expect(later.episodeId).toBe(1);
  });

  it('is not said where it has been overtaken', async () => {
    const { host, said } = await openHost();
    host.command({ viewer: 'a', command: { kind: 'set', settings: settings(policy, rest) } });
    host.command({ viewer: 'a', command: { kind: 'set', settings: settings(FLOW) } });
    await heard(said, 'a', asFrame);
    expect(said.map(asError).find((error) => error !== undefined)).toBeUndefined();
  });
});

it('no two episodes of a viewer have one id, those of different settings included', async () => {
  const { host, said } = await openHost();
  for (const seed of [1, 2, 3]) {
    host.command({ viewer: 'a', command: { kind: 'set', settings: settings(FLOW, { seed }) } });
    const { id } = await heard(said, 'a', (message) =>
      message.kind === 'episode' && message.episode.seed === seed ? message.episode : undefined,
    );
    expect(id).toBe(seed);
    await heard(said, 'a', (message) => (asFrame(message)?.episodeId === id ? true : undefined));
  }
});

it('the pace that was asked for while policies were compiled is kept', async () => {
  const { host, said } = await openHost();
  for (const viewer of ['slow', 'fast']) {
    host.command({ viewer, command: { kind: 'set', settings: settings(FLOW, { speed: 0.1 }) } });
  }
  host.command({ viewer: 'fast', command: { kind: 'speed', speed: 8 } });
  const heardBy = (viewer: string) => said.filter((each) => each.viewer === viewer).length;
  await until(() => heardBy('fast') > 40, 'the fast stage to have come far');
  expect(heardBy('slow')).toBeLessThan(20);
});

describe('a lane that cannot be', () => {
  const DIFFUSION = { kind: 'shipped', name: 'diffusion' };
  const L2 = { kind: 'shipped', name: 'l2' };
  it.each([
    [
      { policy: FLOW, sampler: 'ddim' },
      'a flow policy takes euler, heun, one-step or renoise, got "ddim"',
    ],
    [{ policy: FLOW, sampler: 'heun', nfe: 4 }, 'an odd number, got 4; use 3, or euler'],
    [{ policy: DIFFUSION, sampler: 'ddpm', nfe: 10 }, 'DDPM takes all 100 diffusion steps, got 10'],
    [{ policy: DIFFUSION, sampler: 'ddim', nfe: 101 }, 'from 1 to 100, got 101'],
    [{ policy: L2, sampler: 'euler' }, 'a regression policy takes direct, got "euler"'],
  ])('%j is refused with its place, its request and the reason', async (lane, reason) => {
    const { host, said } = await openHost();
    const lanes = [{ policy: FLOW, nfe: 1 }, lane];
    const asked = stageSettingsSchema.parse({ lanes, fan: 1, request: 7 });
    host.command({ viewer: 'a', command: { kind: 'set', settings: asked } });
    expect(await heard(said, 'a', asError)).toEqual({
      code: 'invalid-request',
      message: expect.stringContaining(reason),
      lane: 1,
      instruction: false,
      request: 7,
    });
  });
});

describe('a stage with one lane changed', () => {
  const ask = (second: number, rest: Partial<StageRequest>) =>
    stageSettingsSchema.parse({
      lanes: [
        { policy: FLOW, nfe: 1 },
        { policy: FLOW, nfe: second },
      ],
      fan: 1,
      speed: 8,
      ...rest,
    });
  const begins = (said: readonly StageMessage[], request: number, episode: number) =>
    heard(said, 'a', (message) => {
      const begun = asEpisode(message);
      return begun?.request === request && begun.episode === episode ? begun : undefined;
    });
  const episodesOf = ({ counts }: { counts: readonly { episodes: number }[] }) =>
    counts.map(({ episodes }) => episodes);

  it('begins its episode again, and keeps what the other lane has achieved before it', async () => {
    const { host, said } = await openHost(new ScriptedPolicy(STILL));
    host.command({ viewer: 'a', command: { kind: 'set', settings: ask(2, { request: 1 }) } });
    expect(episodesOf(await begins(said, 1, 1))).toEqual([1, 1]);
    host.command({
      viewer: 'a',
      command: { kind: 'set', settings: ask(3, { request: 2, episode: 1 }) },
    });
    expect(episodesOf(await begins(said, 2, 1))).toEqual([1, 0]);
    expect(episodesOf(await begins(said, 2, 2))).toEqual([2, 1]);
  });

  it.each([
    ['seed', { seed: 3 }],
    ['episode', { episode: 7 }],
    ['action horizon', { actionHorizon: 4 }],
    ['ball', { objects: [[0.66, 0.02]] as [number, number][] }],
  ])('counts anew where the %s has changed as well', async (_, change) => {
    const { host, said } = await openHost(new ScriptedPolicy(STILL));
    host.command({ viewer: 'a', command: { kind: 'set', settings: ask(2, { request: 1 }) } });
    await begins(said, 1, 1);
    const next = { request: 2, episode: 1, ...change };
    host.command({ viewer: 'a', command: { kind: 'set', settings: ask(3, next) } });
    expect(episodesOf(await begins(said, 2, next.episode))).toEqual([0, 0]);
  });
});

describe('compiled policies', () => {
  /** Two programs a policy: one for single plans, one for fans. */
  const PROGRAMS = 2;
  /** Kept beyond those that are on a stage. */
  const IDLE = 3;

  /** A policy that counts its planners, which refuse to draw once disposed of. */
  function countingPolicy() {
    const programs = { made: 0, alive: 0 };
    const scripted = new ScriptedPolicy(STILL);
    const policy: Policy = {
      describe: () => scripted.describe(),
      prepare: async (batch) => {
        const planner = await scripted.prepare(batch);
        programs.made++;
        programs.alive++;
        let disposed = false;
        return {
          ...planner,
          draw: (...inputs) => {
            if (disposed) throw new Error('drew after it was disposed of');
            return planner.draw(...inputs);
          },
          dispose: async () => {
            disposed = true;
            programs.alive--;
          },
        };
      },
    };
    return { policy, programs };
  }

  const withSteps = (nfe: number) =>
    stageSettingsSchema.parse({ lanes: [{ policy: FLOW, nfe }], fan: 2, speed: 8, seed: nfe });
  const begun = (said: readonly StageMessage[], viewer: string, seed: number) =>
    heard(said, viewer, (message) => (asEpisode(message)?.seed === seed ? true : undefined));

  it('are not made for settings that were overtaken', async () => {
    const { policy, programs } = countingPolicy();
    const { host, said } = await openHost(policy);
    for (let nfe = 1; nfe <= 12; nfe++) {
      host.command({ viewer: 'a', command: { kind: 'set', settings: withSteps(nfe) } });
    }
    await begun(said, 'a', 12);
    expect(programs.made).toBe(PROGRAMS);
    expect(said.map(asEpisode).filter((episode) => episode !== undefined)).toHaveLength(1);
  });

  it('are shared by those who want the same at the same time', async () => {
    const { policy, programs } = countingPolicy();
    const { host, said } = await openHost(policy);
    for (const viewer of ['a', 'b', 'c']) {
      host.command({ viewer, command: { kind: 'set', settings: withSteps(2) } });
    }
    for (const viewer of ['a', 'b', 'c']) await begun(said, viewer, 2);
    expect(programs.made).toBe(PROGRAMS);
  });

  /** What a first visit asks for, view by view. */
  const first = FIRST_POLICIES.map((name): PolicySource => ({ kind: 'shipped', name }));
  const visit = stageSettingsSchema.parse({ lanes: first.map((policy) => ({ policy })) });

  it('of a first visit are there before anybody comes, and made once', async () => {
    const { policy, programs } = countingPolicy();
    const { host, said } = await openHost(policy);
    await host.makeReady(first);
    expect(programs.made).toBe(first.length * PROGRAMS);
    host.command({ viewer: 'a', command: { kind: 'set', settings: visit } });
    await heard(said, 'a', asEpisode);
    expect(programs.made).toBe(first.length * PROGRAMS);
  });

  it('that nobody has asked for are not made once there is a viewer', async () => {
    const { policy, programs } = countingPolicy();
    const { host, said } = await openHost(policy);
    host.command({ viewer: 'a', command: { kind: 'set', settings: withSteps(2) } });
    await host.makeReady(first);
    await begun(said, 'a', 2);
    expect(programs.made).toBe(PROGRAMS);
  });

  it('are disposed of, all but a few, once no stage acts with them, and never before', async () => {
    const { policy, programs } = countingPolicy();
    const { host, said } = await openHost(policy);
    host.command({ viewer: 'steady', command: { kind: 'set', settings: withSteps(1) } });
    await begun(said, 'steady', 1);
    for (let nfe = 2; nfe <= 10; nfe++) {
      host.command({ viewer: 'restless', command: { kind: 'set', settings: withSteps(nfe) } });
      await begun(said, 'restless', nfe);
    }
    const before = said.length;
    await until(
      () => said.slice(before).some((each) => each.viewer === 'steady' && each.kind === 'fan'),
      'the steady stage to plan again',
    );
    expect(programs.made).toBe(10 * PROGRAMS);
    await until(
      () => programs.alive <= (2 + IDLE) * PROGRAMS,
      'what is not used to be disposed of',
    );
    host.close();
    await until(() => programs.alive <= IDLE * PROGRAMS, 'what was used to be disposed of');
    expect(said.map(asError).find((error) => error !== undefined)).toBeUndefined();
  });

  it('that were used last are there for who goes back to them', async () => {
    const { policy, programs } = countingPolicy();
    const { host, said } = await openHost(policy);
    for (const nfe of [1, 2, 3]) {
      host.command({ viewer: 'a', command: { kind: 'set', settings: withSteps(nfe) } });
      await begun(said, 'a', nfe);
    }
    host.command({ viewer: 'a', command: { kind: 'set', settings: { ...withSteps(1), seed: 9 } } });
    await begun(said, 'a', 9);
    expect(programs.made).toBe(3 * PROGRAMS);
  });
});
