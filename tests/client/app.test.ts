import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { createApp } from '../../client/app.ts';
import type { ClientSocket } from '../../client/shared/link/connection.ts';
import { DEFAULT_URL } from '../../client/shell/address/url.ts';
import type { Hello } from '../../server/protocol/index.ts';

/** A socket that answers 'hello' with one answer after the other, and all else with nothing. */
class FakeSocket extends EventEmitter {
  connected = true;
  hellos = 0;
  readonly #answers: readonly unknown[];

  constructor(answers: readonly unknown[]) {
    super();
    this.#answers = answers;
  }

  timeout() {
    return {
      emitWithAck: async (name: string) =>
        name === 'hello' ? this.#answers[this.hellos++] : { ok: true, data: {} },
    };
  }
}

const nothingKept = { read: () => ({ job: null, result: null }), write: () => {} };
const hello: Hello = {
  version: '0',
  shipped: [],
  datasets: [],
  runs: [],
  jobs: [],
  comparisons: [],
};

it('the page says why it does not know what there is, and can ask again', async () => {
  const report = { code: 'damaged', message: 'runs: expected directories' };
  const socket = new FakeSocket([
    { ok: false, error: report },
    { ok: true, data: hello },
  ]);
  const app = createApp(socket as unknown as ClientSocket, DEFAULT_URL, nothingKept);
  await expect.poll(() => app.hello.error.value).toEqual(report);
  expect(app.runs.all.value).toBeNull();
  await app.hello.run();
  expect(app.hello.error.value).toBeNull();
  expect(app.runs.all.value).toEqual([]);
  expect(socket.hellos).toBe(2);
});

it('the page asks anew what there is whenever it is connected again', async () => {
  const socket = new FakeSocket([
    { ok: true, data: hello },
    { ok: true, data: hello },
  ]);
  const app = createApp(socket as unknown as ClientSocket, DEFAULT_URL, nothingKept);
  await expect.poll(() => app.runs.all.value).toEqual([]);
  socket.emit('disconnect');
  expect(socket.hellos).toBe(1);
  socket.emit('connect');
  await expect.poll(() => socket.hellos).toBe(2);
});

it('the page keeps what the server has and could not list, until it is asked again', async () => {
  const unread = {
    damaged: [{ kind: 'run', name: 'old', message: 'run.json: expected JSON' }],
    omitted: { runs: 2, datasets: 0, jobs: 0, comparisons: 0 },
  } as const;
  const socket = new FakeSocket([
    { ok: true, data: { ...hello, ...unread } },
    { ok: true, data: hello },
  ]);
  const app = createApp(socket as unknown as ClientSocket, DEFAULT_URL, nothingKept);
  await expect.poll(() => app.unread.value).toEqual(unread);
  await app.hello.run();
  expect(app.unread.value).toEqual({ damaged: [], omitted: null });
});
