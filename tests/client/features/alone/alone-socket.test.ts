import { expect, it } from 'vitest';
import { AloneSocket, type Messenger } from '../../../../client/features/alone/alone-socket.ts';
import type { FromWorker, ToWorker } from '../../../../client/features/alone/messages.ts';
import { createConnection, reportOf } from '../../../../client/shared/link/connection.ts';
import { t } from '../../../../client/texts.ts';
import { OFFERED } from '../../../../server/in-page/in-page-server.ts';

/** A worker whose inside is the test. */
function openAlone() {
  const told: ToWorker[] = [];
  const listeners: Record<string, (event: never) => void> = {};
  const worker: Messenger = {
    postMessage: (message) => told.push(message),
    addEventListener: (event: string, listener: (event: never) => void) => {
      listeners[event] = listener;
    },
  };
  let opened = 0;
  const socket = new AloneSocket(() => {
    opened++;
    return worker;
  });
  const say = (data: FromWorker) => listeners.message({ data } as never);
  const fail = (message: string) => listeners.error({ message } as never);
  return { socket, connection: createConnection(socket), told, say, fail, opened: () => opened };
}

it('begins its worker when there is something to ask, and passes answers on', async () => {
  const { connection, told, say, opened } = openAlone();
  expect(connection.status.value).toBe('online');
  expect(opened()).toBe(0);
  const hello = connection.request('hello', {});
  expect(told).toEqual([{ kind: 'request', id: 1, name: 'hello', request: {}, beside: null }]);
  say({ kind: 'answer', id: 1, answer: { ok: true, data: {} } });
  expect(await hello).toEqual({});
  const command = connection.request('stage:command', { kind: 'next' });
  say({ kind: 'answer', id: 2, answer: { ok: false, error: { code: 'busy', message: 'wait' } } });
  await expect(command).rejects.toMatchObject({ code: 'busy', message: 'wait' });
  expect(opened()).toBe(1);
});

it('sends a person’s commands beside their request', async () => {
  const { connection, told, say } = openAlone();
  const moment = { episodeId: 1, lane: 0, step: 2, replayHash: '0' };
  const goOn = connection.goOn(moment, Float32Array.of(1, 2));
  const [message] = told;
  const beside = message.kind === 'request' ? message.beside : null;
  expect(new Float32Array(beside ?? new ArrayBuffer(0))).toEqual(Float32Array.of(1, 2));
  say({ kind: 'answer', id: 1, answer: { ok: true, data: {} } });
  await goOn;
});

it('tells the worker when a frame has been taken in', () => {
  const { socket, connection, told, say } = openAlone();
  void connection.request('hello', {});
  socket.on('stage:frame', (_packed, received) => received());
  say({ kind: 'said', event: 'stage:frame', args: [new ArrayBuffer(4)], receipt: 5 });
  expect(told.at(-1)).toEqual({ kind: 'received', receipt: 5 });
});

it('says in place what takes a server, without asking anybody', async () => {
  const { connection, opened } = openAlone();
  expect(connection.offers('train:start')).toBe(false);
  const refused = await connection.request('job:stop', { id: 'a' }).catch(reportOf);
  expect(refused).toMatchObject({ message: t.value.connection.serverless });
  expect(opened()).toBe(0);
});

it('offers what the server in the page does', () => {
  const { socket } = openAlone();
  expect([...socket.offered].sort()).toEqual([...OFFERED].sort());
});

it('says why nothing is answered where the worker cannot be loaded', async () => {
  const { connection, fail } = openAlone();
  const hello = connection.request('hello', {});
  fail('404');
  await expect(hello).rejects.toThrow(/got "404"; copy the whole folder/);
  await expect(connection.request('hello', {})).rejects.toThrow('404');
});
