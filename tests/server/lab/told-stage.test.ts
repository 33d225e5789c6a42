import { afterEach, beforeAll, expect, it } from 'vitest';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { StageHost, type StageMessage } from '../../../server/lab/stage-host.ts';
import type { Workspace } from '../../../server/lab/workspace.ts';
import {
  type StageEpisode,
  type StageProblem,
  type StageRequest,
  stageSettingsSchema,
} from '../../../server/protocol/index.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { trainReader } from '../../support/tiny-reader-run.ts';
import { until } from '../../support/until.ts';

const engine = createCompiledEngine();
let workspace: Workspace;
let run: string;
beforeAll(async () => {
  workspace = await temporaryWorkspace();
  run = await trainReader(workspace, engine);
}, 120_000);

const hosts: StageHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.close();
});

/** Asks for stages one after the other, each by its request's number. */
function open(): {
  ask(request: number, lanes: StageRequest['lanes'], rest?: Partial<StageRequest>): void;
  episode(request: number): Promise<StageEpisode>;
  problem(request: number): Promise<StageProblem>;
} {
  const said: StageMessage[] = [];
  const host = new StageHost(workspace, rapier, engine, (message) => said.push(message));
  hosts.push(host);
  const first = <T>(pick: (message: StageMessage) => T | undefined) =>
    until(() => said.map(pick).find((each) => each !== undefined), 'word of the stage');
  return {
    ask(request, lanes, rest = {}) {
      const settings = stageSettingsSchema.parse({
        task: 'left-right-colour',
        lanes,
        fan: 1,
        speed: 8,
        request,
        ...rest,
      });
      host.command({ viewer: 'a', kind: 'set', settings });
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
