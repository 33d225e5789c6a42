/** Words between servers through a real database that stops, is silent, or is not there. */
import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PostgresServer } from '../../../scripts/tools/postgres.ts';
import { serve } from '../../../server/main.ts';
import { parseQueueAddress } from '../../../server/queue/address.ts';
import { Notices } from '../../../server/queue/notices.ts';
import { afterFile } from '../../support/after-file.ts';
import { runSql, startPostgres } from '../../support/postgres.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

const CHANNEL = 'test';
const words = z.strictObject({ count: z.int().max(100) });

let store: PostgresServer;
beforeAll(async () => {
  store = await startPostgres();
});

const open: Notices<{ count: number }>[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((notices) => notices.close()));
});

/** A server that writes down what it hears, and what it is told of the database. */
async function listen(url = store.url(), beatMs = 5000) {
  const heard: number[] = [];
  const troubles: string[] = [];
  const returns: number[] = [];
  const notices = await Notices.open(parseQueueAddress(url), {
    ...{ channel: CHANNEL, words, beatMs },
    onWord: ({ count }) => heard.push(count),
    onReturn: () => returns.push(heard.length),
    onTrouble: (message) => troubles.push(message),
  });
  open.push(notices);
  return { notices, heard, troubles, returns };
}

const refusedAt = (url: string) =>
  Notices.open(parseQueueAddress(url), {
    ...{ channel: CHANNEL, words },
    ...{ onWord: () => {}, onReturn: () => {}, onTrouble: () => {} },
  });

describe('a word', () => {
  it('is heard by all others in the order in which it was told, and not by who tells it', async () => {
    const [a, b, c] = await Promise.all([listen(), listen(), listen()]);
    for (const count of [1, 2, 3]) a.notices.tell({ count });
    await until(() => b.heard.length === 3 && c.heard.length === 3, 'all to hear it');
    expect([b.heard, c.heard]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    b.notices.tell({ count: 4 });
    await until(() => a.heard.length > 0, 'the first to hear of it');
    expect(a.heard).toEqual([4]);
  });

  it('of anybody else who speaks in the database is left alone, and told of once', async () => {
    const [a, b] = await Promise.all([listen(), listen()]);
    const forged = [
      'nonsense',
      '{}',
      '[[[[',
      '{"from":"x","word":null}',
      `{"from":"${'0'.repeat(16)}","word":{"count":101}}`,
      `{"from":"${'0'.repeat(16)}","word":{"count":1,"__proto__":{}}}`,
      `{"from":"${'0'.repeat(16)}","word":{"count":1},"more":1}`,
    ];
    await runSql(store, forged.map((text) => `NOTIFY ${CHANNEL}, '${text}'`).join(';'));
    a.notices.tell({ count: 7 });
    await until(() => b.heard.includes(7), 'a word after them');
    expect(b.heard).toEqual([7]);
    expect(b.troubles).toEqual([expect.stringMatching(/expected words of servers .* got another/)]);
  });
});

describe('a database', () => {
  it('that stops is told of once; nobody waits for it, and who comes back is told that it may', async () => {
    const [a, b] = await Promise.all([listen(), listen()]);
    await store.stop('kill');
    await until(() => a.troubles.length > 0 && b.troubles.length > 0, 'both to notice');
    expect(a.troubles[0]).toContain('until then each server goes on alone');
    a.notices.tell({ count: 1 });
    await store.start();
    await until(() => a.returns.length + b.returns.length === 2, 'both to be back');
    expect(a.troubles.at(-1)).toContain('it answers again');
    a.notices.tell({ count: 2 });
    await until(() => b.heard.length > 0, 'a word after that');
    expect(b.heard).toEqual([2]);
    expect([...a.troubles, ...b.troubles].join()).not.toContain('not-to-be-printed');
  });

  it('behind what swallows all it is given counts as gone, and is dialled again', async () => {
    const { port } = new URL(store.url());
    let swallows = false;
    const between = createServer((client) => {
      const server: Socket = dial(Number(port), '127.0.0.1');
      client.on('data', (data) => swallows || server.write(data)).on('error', () => {});
      server.on('data', (data) => swallows || client.write(data)).on('error', () => {});
      for (const [one, other] of [
        [client, server],
        [server, client],
      ]) {
        one.on('close', () => other.destroy());
      }
    }).listen(0, '127.0.0.1');
    afterFile(() => void between.close());
    await once(between, 'listening');
    const address = between.address();
    if (address === null || typeof address === 'string') throw new Error('expected a port');
    const url = store.url().replace(`:${port}/`, `:${address.port}/`);
    const { troubles, returns } = await listen(url, 50);
    swallows = true;
    await until(() => troubles.length > 0, 'it to notice');
    expect(troubles[0]).toContain('did not come back within 0.15 s, as where PgBouncer');
    swallows = false;
    await until(() => returns.length > 0, 'it to be back');
  });

  it.each([
    ['not there', () => 'postgres://127.0.0.1:1/db', /expected a PostgreSQL server that answers/],
    ['one of another password', () => store.url({ password: 'wrong' }), /its user and password/],
    ['of no such name', () => store.url({ database: 'none' }), /a database of that name/],
  ])('that is %s ends what begins with it, with what helps', async (_, url, message) => {
    await expect(refusedAt(url())).rejects.toThrow(message);
  });

  it('that is not there ends a server before it listens', async () => {
    const started = serve({
      ...{ host: '127.0.0.1', port: 0, engine: 'compiled', version: '0' },
      data: await temporaryDirectory(),
      queue: parseQueueAddress('postgres://127.0.0.1:1/db'),
    });
    await expect(started).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('leave out --queue and do without others'),
    });
  });
});
