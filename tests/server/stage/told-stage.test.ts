import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../policies/engine/index.ts';
import { reportError } from '../../../server/error-report.ts';
import { contentOf } from '../../../server/protocol/frames.ts';
import {
  type PolicySource,
  type StageEpisode,
  type StageProblem,
  type StageRequest,
  stageSettingsSchema,
} from '../../../server/protocol/index.ts';
import { StageHost, type StageMessage } from '../../../server/stage/stage-host.ts';
import { openPolicy, revisionOf } from '../../../server/storage/open-policy.ts';
import type { Workspace } from '../../../server/storage/workspace.ts';
import { fanOf } from '../../support/frames.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { trainReader } from '../../support/tiny-reader-run.ts';
import { until } from '../../support/until.ts';

const engine = keepingEngine();
let workspace: Workspace;
let run: string;
beforeAll(async () => {
  workspace = await temporaryWorkspace();
  run = await trainReader(workspace, engine);
});

const hosts: StageHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.close();
});

/** Asks for stages one after the other, each by its request's number. */
function open(on: Engine = engine): {
  ask(request: number, lanes: StageRequest['lanes'], rest?: Partial<StageRequest>): void;
  episode(request: number): Promise<StageEpisode>;
  problem(request: number): Promise<StageProblem>;
  said: readonly StageMessage[];
  host: StageHost;
} {
  const said: StageMessage[] = [];
  const policies = {
    open: (source: PolicySource) => openPolicy(workspace, on, source),
    revision: (source: PolicySource) => revisionOf(workspace, source),
  };
  const world = { rapier, engine: on.name, policies, report: reportError };
  const host = new StageHost(world, (message) => said.push(message));
  hosts.push(host);
  const first = <T>(pick: (message: StageMessage) => T | undefined) =>
    until(() => said.map(pick).find((each) => each !== undefined), 'word of the stage');
  return {
    said,
    host,
    ask(request, lanes, rest = {}) {
      const settings = stageSettingsSchema.parse({
        task: 'left-right-colour',
        lanes,
        fan: 1,
        speed: 8,
        request,
        ...rest,
      });
      host.command({ viewer: 'a', command: { kind: 'set', settings } });
    },
    episode: (request) =>
      first((message) =>
        message.kind === 'episode' && message.episode.request === request
          ? message.episode
          : undefined,
      ),
    problem: (request) =>
      first((message) =>
        message.kind === 'error' && message.error.request === request ? message.error : undefined,
      ),
  };
}

it('a policy that reads acts guided by its own scale, and says what it does not know', async () => {
  const policy = { kind: 'run' as const, id: run };
  const { ask, episode } = open();
  ask(
    1,
    [
      { policy, nfe: 2, guidance: 0 },
      { policy, nfe: 2 },
      { policy, nfe: 2, guidance: 4 },
    ],
    {
      instruction: 'hand me the apricot',
    },
  );
  const { instruction, objects, lanes } = await episode(1);
  expect(instruction).toBe('hand me the apricot');
  expect(objects).toHaveLength(2);
  // With and without the instruction is two calls for one.
  expect(lanes.map(({ guidance, nfe, unknown }) => ({ guidance, nfe, unknown }))).toEqual([
    { guidance: 0, nfe: 2, unknown: ['apricot'] },
    { guidance: 1, nfe: 2, unknown: ['apricot'] },
    { guidance: 4, nfe: 4, unknown: ['apricot'] },
  ]);
});

describe('where plans look', () => {
  const asked = 'hand me the apricot';
  const TOKENS = [
    '<start>',
    'hand',
    'me',
    'the',
    'apricot',
    '<state>',
    '<red>',
    '<green>',
    '<tcp>',
  ];
  const framesOf = (said: readonly StageMessage[]) =>
    said.flatMap((message) => (message.kind === 'frame' ? [contentOf(message.packed)] : []));
  const fansOf = (said: readonly StageMessage[]) =>
    said.flatMap((message) => (message.kind === 'fan' ? fanOf(message.packed) : []));
  const lanes = () => {
    const policy = { kind: 'run' as const, id: run };
    return [0, 1, 4].map((guidance) => ({ policy, nfe: 2, guidance }));
  };

  it('comes with each plan where it is asked for, and changes nothing of what is done', async () => {
    const [blind, looking] = [open(), open()];
    blind.ask(1, lanes(), { instruction: asked });
    looking.ask(1, lanes(), { instruction: asked, attention: true });
    // The second plan acts, too.
    const enough = ({ said }: { said: readonly StageMessage[] }) => framesOf(said).length > 30;
    await until(() => enough(blind) && enough(looking), 'two plans to have acted');
    expect(framesOf(looking.said).slice(0, 30)).toEqual(framesOf(blind.said).slice(0, 30));
    expect(fansOf(blind.said).map(({ attention }) => attention)).toEqual(
      fansOf(blind.said).map(() => null),
    );
    expect((await looking.episode(1)).lanes.map(({ tokens }) => tokens)).toEqual(
      [0, 1, 4].map(() => TOKENS),
    );
    const fans = fansOf(looking.said);
    expect(new Set(fans.map(({ lane }) => lane))).toEqual(new Set([0, 1, 2]));
    for (const { lane, attention } of fans) {
      // With and without the instruction is two calls, of which the one with it looks.
      expect(attention).toMatchObject({ tokens: TOKENS.length });
      const weights = Array.from(attention?.weights ?? []);
      expect(weights).toHaveLength(2 * TOKENS.length);
      expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(2, 5);
      const words = weights.slice(1, 5).reduce((sum, weight) => sum + weight);
      if (lane === 0) expect(words).toBe(0);
      else expect(words).toBeGreaterThan(0.1);
    }
  });

  it('is said from the next plan on where it is asked for later, in the same episode', async () => {
    const { ask, episode, said, host } = open();
    ask(1, lanes(), { instruction: asked, speed: 1 });
    const { id } = await episode(1);
    await until(() => fansOf(said).length > 0, 'a plan');
    host.command({ viewer: 'a', command: { kind: 'attention', attention: true } });
    const fan = await until(
      () => fansOf(said).find(({ attention }) => attention !== null),
      'a plan that says where it looked',
    );
    expect(fan).toMatchObject({ episodeId: id, attention: { tokens: TOKENS.length } });
    host.command({ viewer: 'a', command: { kind: 'attention', attention: false } });
    const before = fansOf(said).length;
    const later = await until(() => fansOf(said).slice(before + 3)[0], 'later plans');
    expect(later.attention).toBeNull();
  });

  it('is kept by programs that are disposed of with the others of their policy', async () => {
    let made = 0;
    let alive = 0;
    const counting: Engine = {
      ...engine,
      compile: async (...args) => {
        const program = await engine.compile(...args);
        made++;
        alive++;
        const dispose = () => {
          alive--;
          return program.dispose();
        };
        return { ...program, run: program.run.bind(program), dispose };
      },
    };
    const { ask, episode, host } = open(counting);
    const policy = { kind: 'run' as const, id: run };
    for (const nfe of [1, 2, 3, 4]) {
      ask(nfe, [{ policy, nfe }], { attention: true });
      await episode(nfe);
    }
    // For single plans, for those that look, and for fans.
    expect(made).toBe(4 * 3);
    host.close();
    await until(() => alive === 3 * 3, 'all but those used last to be disposed of');
  });
});

it('a sentence that is too long is said to be, and blamed on no lane', async () => {
  const { ask, problem } = open();
  ask(1, [{ policy: { kind: 'run', id: run }, nfe: 1 }], { instruction: 'please '.repeat(20) });
  expect(await problem(1)).toEqual({
    code: 'invalid-request',
    message: expect.stringContaining('instruction: expected at most 15 words, got 20'),
    lane: null,
    instruction: true,
    request: 1,
  });
});

it('a policy of another task is refused in its place', async () => {
  const { ask, problem } = open();
  const reader = { policy: { kind: 'run' as const, id: run }, nfe: 1 };
  ask(1, [reader, { policy: { kind: 'shipped', name: 'flow' }, nfe: 1 }]);
  expect(await problem(1)).toMatchObject({
    lane: 1,
    instruction: false,
    message: expect.stringContaining('of the task left-right-colour, got "flow" of left-right'),
  });
  ask(2, [reader], { task: 'left-right' });
  expect(await problem(2)).toMatchObject({ lane: 0, message: expect.stringContaining(run) });
});

it('guidance is refused for a policy that reads nothing', async () => {
  const { ask, problem } = open();
  const flow = { policy: { kind: 'shipped' as const, name: 'flow' as const }, nfe: 1 };
  ask(1, [{ ...flow, guidance: 2 }], { task: 'left-right' });
  expect(await problem(1)).toMatchObject({
    lane: 0,
    message: expect.stringContaining('expected 1 for a policy that reads no instruction, got 2'),
  });
});

it('a stage of another task ends as soon as the task is left', async () => {
  const { ask, episode } = open();
  ask(1, [{ policy: { kind: 'shipped', name: 'flow' }, nfe: 1 }], { task: 'left-right' });
  expect((await episode(1)).task).toBe('left-right');
  ask(2, [{ policy: { kind: 'run', id: run }, nfe: 1 }]);
  expect((await episode(2)).task).toBe('left-right-colour');
});
