import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Random } from '../../policies/random.ts';
import { serveEnvironment } from '../../server/environment-server.ts';
import { evaluateCells } from '../../server/evaluation/evaluate.ts';
import { decode, encode, type Sendable, type Value } from '../../server/openpi/codec.ts';
import { PolicyConnection } from '../../server/openpi/connection.ts';
import { floats, isNumpyArray } from '../../server/openpi/numpy.ts';
import { openPolicy } from '../../server/storage/open-policy.ts';
import { afterFile } from '../support/after-file.ts';
import { keepingEngine } from '../support/keeping-engine.ts';
import { rapier, task } from '../support/simulation.ts';
import { temporaryWorkspace } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 120_000 });

const OPTIONS = { task: 'left-right', controlHz: 20, host: '127.0.0.1', port: 0 } as const;
const server = await serveEnvironment({ ...OPTIONS, processes: 1 });
afterFile(() => server.close());

async function dial() {
  const { connection, metadata } = await PolicyConnection.dial(server.url, { withinMs: 20_000 });
  const ask = async (request: Sendable) => {
    const answer = decode(await connection.ask(encode(request), 60_000));
    if (!(answer instanceof Map)) throw new Error('expected a map');
    return answer as ReadonlyMap<string, Value>;
  };
  return { connection, metadata: decode(metadata), ask };
}

function numbersOf(fields: ReadonlyMap<string, Value>, key: string): number[] {
  const array = fields.get(key);
  if (!isNumpyArray(array)) throw new Error(`${key}: expected an array`);
  return Array.from(array.data, Number);
}

it('says what it is to everybody', async () => {
  const { metadata, connection } = await dial();
  expect(metadata).toBeInstanceOf(Map);
  const said = metadata as ReadonlyMap<string, Value>;
  expect(said.get('task')).toBe('left-right');
  expect(said.get('most_steps')).toBe(task.timeLimit * 20);
  expect(said.get('action_low')).toHaveLength(8);
  connection.close();
});

it('ends rollouts of a flow in the bits of those that a comparison rolls out, judged alike', async () => {
  const seed = 3;
  const cells = [
    { start: 2, noise: 0 },
    { start: 2, noise: 3 },
    { start: 5, noise: 1 },
  ];
  const batch = cells.length;
  const engine = keepingEngine();
  const policy = await openPolicy(await temporaryWorkspace(), engine, {
    kind: 'shipped',
    name: 'flow',
  });
  const sampler = { kind: 'euler', steps: 4 } as const;
  const actionHorizon = 20;
  const expected = await evaluateCells(
    { rapier, task, policy, sampler, actionHorizon, batch, seed },
    cells,
  );

  const { ask, connection } = await dial();
  const planner = await policy.prepare(batch, { sampler });
  const { obsHorizon, predHorizon } = planner.policy;
  let seen = await ask({
    ...{ op: 'reset', seed, starts: cells.map(({ start }) => start), obs_horizon: obsHorizon },
  });
  const plans: Value[][] = cells.map(() => []);
  let over = false;
  for (let plan = 0; !over; plan++) {
    const state = numbersOf(seen, 'observation.state');
    const environment = numbersOf(seen, 'observation.environment_state');
    const observation = Array.from({ length: batch * obsHorizon }, (_, row) => [
      ...state.slice(8 * row, 8 * row + 8),
      ...environment.slice(6 * row, 6 * row + 6),
    ]);
    const streams = cells.map(({ start, noise }) => Random.of(seed, start, noise, plan));
    const { chunk } = await planner.draw(Float32Array.from(observation.flat()), streams);
    const actions = floats(chunk, [batch, predHorizon, 8]);
    seen = await ask({ op: 'step', actions, execute: actionHorizon });
    const executed = numbersOf(seen, 'executed');
    const classes = seen.get('plan') as readonly Value[];
    for (const [i, each] of plans.entries()) if (executed[i] > 0) each.push(classes[i]);
    const ended = numbersOf(seen, 'terminated').map((value, i) => {
      return value + numbersOf(seen, 'truncated')[i] > 0;
    });
    over = ended.every(Boolean);
  }
  await planner.dispose();
  connection.close();
  expect(expected.every(({ plans: { length } }) => length > 1)).toBe(true);
  expect({
    success: numbersOf(seen, 'success').map(Boolean),
    contact: numbersOf(seen, 'contact').map(Boolean),
    steps: numbersOf(seen, 'steps'),
    mode: seen.get('mode'),
    lifted: seen.get('lifted'),
    hash: seen.get('replay_hash'),
    plans,
  }).toEqual({
    success: expected.map(({ success }) => success),
    contact: expected.map(({ contact }) => contact),
    steps: expected.map(({ steps }) => steps),
    mode: expected.map(({ mode }) => mode),
    lifted: expected.map(({ lifted }) => lifted),
    hash: expected.map(({ replayHash }) => replayHash),
    plans: expected.map((each) => each.plans),
  });
});

it('answers what it cannot do with the reason, and the worlds are still there', async () => {
  const { ask, connection } = await dial();
  const { error } = Object.fromEntries(await ask({ op: 'render' }));
  expect(error).toEqual(
    new Map([
      ['code', 'conflict'],
      ['message', expect.stringMatching(/expected worlds, got none yet; ask for "reset" first/)],
    ]),
  );
  await ask({ op: 'reset', starts: [0] });
  const wrong = await ask({ op: 'step', actions: floats(new Float32Array(7), [1, 7]) });
  expect(wrong.get('error')).toBeInstanceOf(Map);
  const noFrame = decode(await connection.ask(Uint8Array.of(0xc1), 20_000));
  expect(noFrame).toBeInstanceOf(Map);
  const step = await ask({ op: 'step', actions: floats(new Float32Array(8), [1, 8]) });
  expect(numbersOf(step, 'steps')).toEqual([1]);
  connection.close();
});

it('hangs up on text, and goes on for others', async () => {
  const socket = new WebSocket(server.url);
  await once(socket, 'message');
  const closed = once(socket, 'close');
  socket.send('hello');
  expect((await closed)[0]).toBe(1011);
  const { ask, connection } = await dial();
  expect(numbersOf(await ask({ op: 'reset', starts: [1] }), 'steps')).toEqual([0]);
  connection.close();
});

it('refuses a token that can be guessed, and draws one where others can reach it', async () => {
  await expect(
    serveEnvironment({ ...OPTIONS, processes: 1, token: 'short' }),
  ).rejects.toMatchObject({ code: 'invalid-request' });
  const open = await serveEnvironment({ ...OPTIONS, host: '0.0.0.0', processes: 1 });
  expect(open.token).toMatch(/^[\w-]{32}$/);
  const socket = new WebSocket(open.url.replace('0.0.0.0', '127.0.0.1'));
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  expect((response as { statusCode: number }).statusCode).toBe(401);
  socket.terminate();
  await open.close();
});
