import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type RunningWork, startWork } from '../../../server/jobs/process.ts';
import { StageService } from '../../../server/jobs/stage-service.ts';
import { stageSettingsSchema } from '../../../server/protocol/stage.ts';
import type { StageCommand, StageMessage } from '../../../server/stage/stage-host.ts';

vi.mock('../../../server/jobs/process.ts');

/** A stages' process that hears commands, and crashes when a test says so. */
function fakeProcess() {
  const heard: StageCommand[] = [];
  let crash = (_: Error) => {};
  const work: RunningWork<'stages'> = {
    result: new Promise<null>((_, reject) => {
      crash = reject;
    }),
    stop: () => {},
    kill: () => {},
    command: (command) => heard.push(command),
  };
  return { work, heard, crash: () => crash(new Error('out of memory')) };
}

const settings = stageSettingsSchema.parse({
  lanes: [{ policy: { kind: 'shipped', name: 'flow' } }],
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(startWork).mockReset();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Begins with these processes, one after the other. */
function openService(...processes: readonly ReturnType<typeof fakeProcess>[]): StageService {
  for (const { work } of processes) vi.mocked(startWork).mockReturnValueOnce(work);
  const service = new StageService({ data: 'data', engine: 'compiled' });
  service.start();
  return service;
}

it('stages whose process crashed go on as their viewers had them: their pace, whether they play and say where they look', async () => {
  const [first, second] = [fakeProcess(), fakeProcess()];
  const service = openService(first, second);
  const said: StageMessage[] = [];
  for (const viewer of ['a', 'b', 'c'])
    service.set(viewer, settings, (message) => said.push(message));
  service.play('a', false);
  service.speed('b', 4);
  service.attention('b', true);
  service.leave('c');
  first.crash();
  await vi.runAllTimersAsync();
  expect(said).toMatchObject([
    { viewer: 'a', kind: 'error', error: { message: 'out of memory' } },
    { viewer: 'b', kind: 'error' },
  ]);
  expect(second.heard).toEqual([
    { viewer: 'a', kind: 'set', settings },
    { viewer: 'a', kind: 'play', playing: false },
    { viewer: 'b', kind: 'set', settings: { ...settings, speed: 4, attention: true } },
    { viewer: 'b', kind: 'play', playing: true },
  ]);
  service.close();
});

it('a paused stage that is set anew and crashes stays paused', async () => {
  const [first, second] = [fakeProcess(), fakeProcess()];
  const service = openService(first, second);
  service.set('a', settings, () => {});
  service.play('a', false);
  service.set('a', { ...settings, seed: 7 }, () => {});
  first.crash();
  await vi.runAllTimersAsync();
  expect(second.heard).toMatchObject([
    { kind: 'set', settings: { seed: 7 } },
    { kind: 'play', playing: false },
  ]);
  service.close();
});

it('a process that cannot be started again is tried until it can, and viewers are told', async () => {
  const [first, second] = [fakeProcess(), fakeProcess()];
  const service = openService(first);
  vi.mocked(startWork).mockImplementationOnce(() => {
    throw new Error('no worker');
  });
  vi.mocked(startWork).mockReturnValueOnce(second.work);
  const errors: string[] = [];
  service.set('a', settings, (message) => {
    if (message.kind === 'error') errors.push(message.error.message);
  });
  first.crash();
  await vi.runAllTimersAsync();
  expect(errors).toEqual(['out of memory', 'no worker']);
  expect(second.heard).toHaveLength(2);
  service.close();
});
