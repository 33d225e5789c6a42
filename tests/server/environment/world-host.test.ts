import { expect, it } from 'vitest';
import type { EnvironmentRequest } from '../../../server/environment/request.ts';
import { type WorldAnswer, WorldHost } from '../../../server/environment/world-host.ts';
import { reportError } from '../../../server/error-report.ts';
import type { AskedReply } from '../../../server/openpi/asked.ts';
import { rapier, task } from '../../support/simulation.ts';

const reset = (worlds: number): EnvironmentRequest => ({
  ...{ op: 'reset', seed: 0, starts: new Array(worlds).fill(0), instructions: null, worlds: null },
  seeing: { obsHorizon: null, picture: null },
});

function open() {
  const replies: AskedReply<WorldAnswer>[] = [];
  const reply = (each: AskedReply<WorldAnswer>) => replies.push(each);
  const host = new WorldHost({ rapier, task, controlHz: 20, reply, report: reportError });
  const ask = (client: number, request: EnvironmentRequest | null) => {
    host.command({ id: replies.length, client, request });
    return replies.at(-1);
  };
  return { replies, ask };
}

it('keeps the worlds of clients apart, and says what is wrong to whom it is', () => {
  const { replies, ask } = open();
  expect(replies).toEqual([{ kind: 'ready' }]);
  ask(1, reset(2));
  expect(ask(2, { op: 'render', size: 16 })).toMatchObject({
    ...{ kind: 'error', error: { code: 'conflict', message: /reset/ } },
  });
  const seen = ask(1, { op: 'render', size: 16 });
  expect(seen).toMatchObject({ answer: { fields: { pictures: { shape: [2, 16, 16, 3] } } } });
  for (const client of [1, 2]) ask(client, null);
});

it('has room for so many worlds, and again once a client has gone', () => {
  const { ask } = open();
  for (const client of [1, 2, 3, 4])
    expect(ask(client, reset(64))).toMatchObject({ kind: 'answer' });
  // What a client has gives way to what it asks for.
  expect(ask(4, reset(64))).toMatchObject({ kind: 'answer' });
  expect(ask(5, reset(1))).toMatchObject({ kind: 'error', error: { code: 'busy' } });
  ask(1, null);
  expect(ask(5, reset(1))).toMatchObject({ kind: 'answer' });
  for (const client of [2, 3, 4, 5]) ask(client, null);
});
