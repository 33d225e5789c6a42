import { expect, it } from 'vitest';
import { Guests } from '../../../server/jobs/guests.ts';
import type { Guest } from '../../../server/protocol/policy-servers.ts';
import { openWorkspace } from '../../../server/storage/workspace.ts';
import { holding, startPolicyServer } from '../../support/policy-server.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

/** Nobody listens there. */
const NOWHERE = 'ws://127.0.0.1:1';

async function open(urls: readonly string[], apiKey?: string) {
  const { place } = await temporaryWorkspace();
  const policyServers = { urls, observationKeys: 'fp', answerMs: 10_000, apiKey } as const;
  const told: (readonly Guest[])[] = [];
  const guests = new Guests(openWorkspace({ ...place, policyServers }), (all) => told.push(all));
  return { guests, told };
}

it('says what policy servers say of themselves, and why one cannot be asked', async () => {
  const metadata = { fp: { name: 'mine', horizon: 16, control_hz: 50 } };
  const server = await startPolicyServer((asked) => holding(asked, 16), { metadata });
  const { guests, told } = await open([server.url, NOWHERE], 'a-token-of-many-letters');
  expect(guests.all.map(({ about, problem }) => [about, problem])).toEqual([
    [null, null],
    [null, null],
  ]);
  guests.refresh();
  // Asked again before they have answered, they are asked once.
  guests.refresh();
  await until(() => told.length === 2, 'both to be known');
  expect(guests.all).toEqual([
    {
      url: server.url,
      about: { name: 'mine', task: 'left-right', controlHz: 50, picture: null, stochastic: true },
      problem: null,
    },
    { url: NOWHERE, about: null, problem: expect.stringMatching(/ECONNREFUSED.*start it/) },
  ]);
  expect(server.connections).toHaveLength(1);
  expect(server.headers[0]).toMatchObject({ authorization: 'Api-Key a-token-of-many-letters' });
});

it('tells of a change alone', async () => {
  const server = await startPolicyServer((asked) => holding(asked, 16), {
    metadata: { fp: { horizon: 16 } },
  });
  const { guests, told } = await open([server.url]);
  guests.refresh();
  await until(() => told.length === 1, 'it to be known');
  guests.refresh();
  await until(() => server.connections.length === 2, 'it to be asked again');
  await until(() => server.connections.every(({ readyState }) => readyState === 3), 'its end');
  expect(told).toHaveLength(1);
});

it('has nothing to ask where none was named', async () => {
  const { guests, told } = await open([]);
  guests.refresh();
  expect([guests.all, told]).toEqual([[], []]);
});
