import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type RunningWork, startWork } from '../../../server/jobs/process.ts';
import { StageService } from '../../../server/jobs/stage-service.ts';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { stageSettingsSchema } from '../../../server/protocol/stage.ts';
import type { StageMessage, ViewerCommand } from '../../../server/stage/stage-host.ts';

vi.mock('../../../server/jobs/process.ts');

/** A stages' process that hears commands, and crashes when a test says so. */
function fakeProcess() {
  const heard: ViewerCommand[] = [];
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
  const hear = (message: StageMessage) => said.push(message);
  for (const viewer of ['a', 'b', 'c']) service.command(viewer, { kind: 'set', settings }, hear);
  service.command('a', { kind: 'play', playing: false }, hear);
  service.command('b', { kind: 'speed', speed: 4 }, hear);
  service.command('b', { kind: 'attention', attention: true }, hear);
  service.command('b', { kind: 'next' }, hear);
  service.leave('c');
  first.crash();
  await vi.runAllTimersAsync();
  expect(said).toMatchObject([
    { viewer: 'a', kind: 'error', error: { message: 'out of memory' } },
    { viewer: 'b', kind: 'error' },
  ]);
  expect(second.heard).toEqual([
    { viewer: 'a', command: { kind: 'set', settings } },
    { viewer: 'a', command: { kind: 'play', playing: false } },
    { viewer: 'b', command: { kind: 'set', settings: { ...settings, speed: 4, attention: true } } },
    { viewer: 'b', command: { kind: 'play', playing: true } },
  ]);
  service.close();
});

it('a paused stage that is set anew and crashes stays paused', async () => {
  const [first, second] = [fakeProcess(), fakeProcess()];
  const service = openService(first, second);
  const nobody = () => {};
  service.command('a', { kind: 'set', settings }, nobody);
  service.command('a', { kind: 'play', playing: false }, nobody);
  service.command('a', { kind: 'set', settings: { ...settings, seed: 7 } }, nobody);
  first.crash();
  await vi.runAllTimersAsync();
  expect(second.heard).toMatchObject([
    { command: { kind: 'set', settings: { seed: 7 } } },
    { command: { kind: 'play', playing: false } },
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
  service.command('a', { kind: 'set', settings }, (message) => {
    if (message.kind === 'error') errors.push(message.error.message);
  });
  first.crash();
  await vi.runAllTimersAsync();
  expect(errors).toEqual(['out of memory', 'no worker']);
  expect(second.heard).toHaveLength(2);
  service.close();
});

it('what is asked before there is a stage reaches none, and takes up no place', () => {
  const { work, heard } = fakeProcess();
  const service = openService({ work, heard, crash: () => {} });
  const nobody = () => {};
  for (let i = 0; i <= LIMITS.stages; i++) {
    service.command(`early-${i}`, { kind: 'play', playing: false }, nobody);
    service.command(`early-${i}`, { kind: 'next' }, nobody);
  }
  expect(heard).toEqual([]);
  for (let i = 0; i < LIMITS.stages; i++) {
    service.command(`${i}`, { kind: 'set', settings }, nobody);
  }
  expect(heard).toHaveLength(LIMITS.stages);
  const another = () => service.command('another', { kind: 'set', settings }, nobody);
  expect(another).toThrow(`at most ${LIMITS.stages} open pages`);
  service.close();
});

it('what is asked about a moment is answered to who asked; a crash answers it with what went wrong', async () => {
  const [first, second] = [fakeProcess(), fakeProcess()];
  const service = openService(first, second);
  const nobody = () => {};
  const inquiry = { kind: 'plane', episodeId: 1, lane: 0, step: 0 } as const;
  await expect(service.ask('a', inquiry)).rejects.toMatchObject({ code: 'conflict' });
  for (const viewer of ['a', 'b']) service.command(viewer, { kind: 'set', settings }, nobody);
  const [answered, refused, left, crashed] = ['a', 'a', 'b', 'a'].map((viewer) =>
    service.ask(viewer, inquiry),
  );
  const asks = first.heard.flatMap((each) => ('ask' in each ? [each.ask.id] : []));
  const say = vi.mocked(startWork).mock.calls[0][2] as (message: StageMessage) => void;
  say({ viewer: 'a', kind: 'answer', ask: asks[0], packed: Float32Array.of(7) });
  say({
    viewer: 'a',
    kind: 'refusal',
    ask: asks[1],
    error: { code: 'not-found', message: 'gone' },
  });
  service.leave('b');
  first.crash();
  expect(await answered).toEqual(Float32Array.of(7));
  await expect(refused).rejects.toMatchObject({ code: 'not-found' });
  await expect(left).rejects.toMatchObject({ code: 'conflict' });
  await expect(crashed).rejects.toThrow('out of memory');
  service.close();
});
