import { describe, expect, it } from 'vitest';
import { Random } from '../../../policies/random.ts';
import {
  evaluateCells,
  failuresOf,
  rolloutGrid,
  timePlans,
} from '../../../server/evaluation/evaluate.ts';
import { encode } from '../../../server/openpi/codec.ts';
import { floats } from '../../../server/openpi/numpy.ts';
import { RemotePolicy } from '../../../server/openpi/remote-policy.ts';
import { type Answering, held, holding, stateOf } from '../../support/policy-server.ts';
import { type Asking, draw, H, STILL, serve } from '../../support/remote-asking.ts';
import { HOLD, rapier, task } from '../../support/simulation.ts';

/** One plan of each of four rollouts: why which of them has none. */
async function drawFour(answering: Answering, asking: Asking = {}) {
  const { server, open } = await serve(answering, asking);
  const policy = await open();
  const planner = await policy.prepare(4);
  const { observationDim } = policy.describe();
  const plan = async () => {
    const observation = new Float32Array(4 * observationDim);
    for (let row = 0; row < 4; row++) observation.set(HOLD, row * observationDim);
    const attempts = [0, 1, 2, 3].map((episode) => ({ episode, step: 20 * episode }));
    const streams = attempts.map(({ episode }) => Random.of(episode));
    const { chunk, failures = new Map() } = await planner.draw(observation, streams, { attempts });
    return { chunk, reasons: [0, 1, 2, 3].map((row) => failures.get(row) ?? null) };
  };
  const { chunk, reasons } = await plan();
  return { server, chunk, reasons, again: async () => (await plan()).reasons };
}

/** Holds still, but for the second plan: that is the script's. */
function butOnce(answering: Answering): Answering {
  return (asked, connection) =>
    connection.call === 1 && connection.number === 1
      ? answering(asked, connection)
      : holding(asked, H);
}

describe('a policy server', () => {
  it('that declares nothing is asked for one plan to know how long they are', async () => {
    const { policy, server } = await draw(STILL, { metadata: {} });
    expect(policy.describe()).toEqual({
      name: server.url,
      task: 'left-right',
      controlHz: 20,
      objective: null,
      abilities: {
        noise: true,
        instructions: false,
        picture: null,
        guidance: false,
        inpainting: false,
      },
      obsHorizon: 1,
      predHorizon: H,
      observationDim: 14,
      actionDim: 8,
      parameters: 0,
    });
    expect(server.asked).toHaveLength(2);
  });

  it('is believed what it declares', async () => {
    const fp = {
      ...{ name: 'mine', task: 'left-right-colour', horizon: H, control_hz: 50, obs_horizon: 2 },
      ...{ stochastic: false, instructions: true, picture: 64, unheard: 'of' },
    };
    const { policy } = await draw(STILL, { metadata: { fp, robot: 'panda' } });
    const { abilities, ...about } = policy.describe();
    expect(about).toMatchObject({ name: 'mine', task: 'left-right-colour', controlHz: 50 });
    expect(about).toMatchObject({ obsHorizon: 2, predHorizon: H, observationDim: 17 });
    expect(abilities).toMatchObject({ noise: false, instructions: true, picture: 64 });
  });

  it('is refused what it cannot declare', async () => {
    const { open } = await serve(STILL, { metadata: { fp: { control_hz: 30, horizon: 0 } } });
    await expect(open()).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/fp of its metadata.*control_hz/s),
    });
  });

  it('gets observation, instruction, episode and step, and its plan is taken as it is', async () => {
    const { drawn, asked, server } = await draw(STILL, { apiKey: 'secret' });
    expect(asked.get('observation.state')).toEqual(floats(Float32Array.from(HOLD), [8]));
    expect(asked.get('observation.environment_state')).toMatchObject({ shape: [6] });
    expect(Object.fromEntries([...asked].slice(2))).toEqual({
      prompt: 'take the ball',
      'fp/episode': 3,
      'fp/step': 40,
      'fp/reset': false,
    });
    expect(drawn.chunk).toEqual(held(Float32Array.from(HOLD), H));
    expect(drawn.failures?.size).toBe(0);
    expect(server.headers.at(-1)?.authorization).toBe('Api-Key secret');
    expect(server.headers.at(-1)).not.toHaveProperty('sec-websocket-extensions');
  });

  it('gets noise where it draws from it, the rows’ own', async () => {
    const { asked } = await draw(STILL, { metadata: { fp: { horizon: H, noise: true } } });
    const noise = Random.of(7).fillNormal(new Float32Array(8 * H));
    expect(asked.get('fp/noise')).toEqual(floats(noise, [H, 8]));
  });

  it('gets an axis for the steps of its observations where it declares them', async () => {
    const { asked } = await draw(STILL, { metadata: { fp: { horizon: H, obs_horizon: 2 } } });
    expect(asked.get('observation.state')).toMatchObject({ shape: [2, 8] });
    expect(asked.get('observation.environment_state')).toMatchObject({ shape: [2, 6] });
  });

  it('gets a picture where it declares one', async () => {
    const { asked } = await draw(STILL, { metadata: { fp: { horizon: H, picture: 32 } } });
    const picture = asked.get('observation.images.front');
    expect(picture).toEqual({
      ...{ dtype: '|u1', shape: [32, 32, 3] },
      data: new Uint8Array(3 * 32 * 32).fill(9),
    });
  });

  it('may say by how much the joints are to move', async () => {
    const chunk = new Float32Array(8 * H).fill(0.01);
    const answering = () => encode({ actions: floats(chunk, [H, 8]) });
    const metadata = { fp: { horizon: H, action: 'joint_target_rel' } };
    const { drawn } = await draw(answering, { metadata });
    const row = HOLD.map((value, i) => (i < 7 ? Math.fround(value) + Math.fround(0.01) : 0.01));
    expect(drawn.chunk.subarray(0, 8)).toEqual(Float32Array.from(row));
  });

  it('says how long it infers; the rest is the wire', async () => {
    const answering: Answering = (asked) =>
      encode({
        actions: floats(held(stateOf(asked), H), [H, 8]),
        server_timing: { infer_ms: 0 },
      });
    const { drawn } = await draw(answering);
    expect(drawn.times.network).toBe(0);
    expect(drawn.times.wire).toBeGreaterThan(0);
  });

  it('that does not say how long it infers leaves open what of it was the wire', async () => {
    const { drawn } = await draw(STILL);
    expect(drawn.times.network).toBeGreaterThan(0);
    expect(drawn.times.wire).toBeUndefined();
  });
});

describe('one bad answer', () => {
  const frameOf = (chunk: Float32Array, shape: readonly number[]) =>
    encode({ actions: floats(chunk, shape) });
  const nan = new Float32Array(8 * H).fill(Number.NaN);
  const degrees = new Float32Array(8 * H).fill(45);
  const traceback = 'Traceback:\n  File "x"\nValueError: no such camera\n';

  it.each<[string, Uint8Array | string, RegExp]>([
    ['of a NaN', frameOf(nan, [H, 8]), /joint 1, got NaN in row 0/],
    ['in degrees', frameOf(degrees, [H, 8]), /rad for joint 1, got 45/],
    ['of another length', frameOf(new Float32Array(64), [8, 8]), /\[16, 8\], got \[8, 8\] of <f4/],
    ['of another arm', frameOf(new Float32Array(7 * H), [H, 7]), /\[16, 8\], got \[16, 7\]/],
    ['of no axes', frameOf(new Float32Array(8), [8]), /got \[8\]/],
    ['that is a list', encode({ actions: [1, 2] }), /got a list/],
    ['without actions', encode({ action: 1 }), /got nothing/],
    ['that is no map', encode([1]), /expected a map with actions, got a list/],
    ['in text', traceback, /server failed: ValueError: no such camera/],
    ['that is no frame', Uint8Array.of(0xc1, 1, 2), /in MessagePack: expected no extension/],
    ['that is cut off', frameOf(degrees, [H, 8]).subarray(0, 100), /the frame is cut off/],
  ])('%s fails its own rollout and no other', async (_, answer, reason) => {
    const { reasons, chunk } = await drawFour(butOnce(() => answer));
    expect(reasons).toEqual([null, expect.stringMatching(reason), null, null]);
    const still = held(Float32Array.from(HOLD), H);
    for (const row of [0, 2, 3]) {
      expect(chunk.subarray(row * 8 * H, (row + 1) * 8 * H)).toEqual(still);
    }
  });

  it('ends the rollout that it was for, and the others are carried to their end', async () => {
    const { open } = await serve(butOnce(() => frameOf(nan, [H, 8])));
    const setup = { rapier, task, sampler: null, actionHorizon: H, batch: 3, seed: 0 } as const;
    const ended: string[] = [];
    const results = await evaluateCells({ ...setup, policy: await open() }, rolloutGrid(3), {
      onEnded: ({ failure = 'none' }) => void ended.push(failure),
    });
    const reason = expect.stringContaining('got NaN');
    expect(results).toMatchObject([
      { steps: 160, contact: false },
      { steps: 0, success: false, failure: reason },
      { steps: 160, contact: false },
    ]);
    expect(results[0]).not.toHaveProperty('failure');
    expect(ended).toEqual([reason, 'none', 'none']);
    expect(failuresOf(results)).toEqual({ failures: { [ended[0]]: 1 } });
  });

  it('of several rows fails those that are bad', async () => {
    const metadata = { fp: { horizon: H, batch: 3 } };
    const answering: Answering = (asked, { call }) => {
      const states = stateOf(asked);
      const rows = states.length / 8;
      const chunk = new Float32Array(rows * 8 * H);
      for (let row = 0; row < rows; row++) {
        chunk.set(held(states.subarray(8 * row, 8 * row + 8), H), row * 8 * H);
      }
      if (call === 0) chunk[8 * H] = Number.POSITIVE_INFINITY;
      return encode({ actions: floats(chunk, [rows, H, 8]) });
    };
    const { reasons, server } = await drawFour(answering, { metadata });
    expect(reasons).toEqual([null, expect.stringContaining('Infinity'), null, null]);
    expect(server.asked[0].get('observation.state')).toMatchObject({ shape: [3, 8] });
    expect(server.asked[0].get('fp/reset')).toEqual([true, false, false]);
    expect(server.asked[1].get('fp/step')).toEqual([60]);
    expect(server.asked[1].get('observation.state')).toMatchObject({ shape: [1, 8] });
  });
});

describe('a server that', () => {
  it('hangs up in the middle fails one rollout, and is dialled again', async () => {
    const hangUp: Answering = (_, { socket }) => {
      socket.terminate();
      return null;
    };
    const { reasons, server } = await drawFour(butOnce(hangUp));
    expect(reasons).toEqual([null, 'the server closed the connection (1006)', null, null]);
    expect(server.connections).toHaveLength(3);
  });

  it('says goodbye between two plans is dialled again, and nothing fails', async () => {
    const { reasons, server } = await drawFour((asked, { socket, call }) => {
      if (call % 2 === 0) return holding(asked, H);
      socket.send(holding(asked, H), () => socket.close());
      return null;
    });
    expect(reasons).toEqual([null, null, null, null]);
    expect(server.connections).toHaveLength(3);
  });

  it('never answers is given up, and all rollouts end with the reason', async () => {
    const { reasons, server, again } = await drawFour(() => null, { answerMs: 50 });
    const late = 'expected the server to answer within 0.3 s';
    const lost = `given up after 3 requests without an answer, the last: ${late}`;
    expect(reasons).toEqual([late, late, late, lost]);
    expect(await again()).toEqual([lost, lost, lost, lost]);
    expect(server.asked).toHaveLength(3);
  });

  it('answers too late has that answer taken for no other', async () => {
    const late: (() => void)[] = [];
    const wrong = encode({ actions: floats(new Float32Array(8 * H), [H, 8]) });
    const { reasons, chunk, server } = await drawFour(
      (asked, { socket, call, number }) => {
        if (number === 1 && call === 1) {
          late.push(() => socket.send(wrong));
          return null;
        }
        for (const send of late.splice(0)) send();
        return holding(asked, H);
      },
      { answerMs: 1000 },
    );
    expect(reasons).toEqual([null, 'expected the server to answer within 1 s', null, null]);
    expect(chunk.subarray(2 * 8 * H, 3 * 8 * H)).toEqual(held(Float32Array.from(HOLD), H));
    expect(server.connections).toHaveLength(3);
  });

  it('floods is hung up on: no answer is taken for one to another question', async () => {
    const { reasons, server } = await drawFour((asked, { socket, number }) => {
      for (let i = 0; i < 1000; i++) {
        // Each of them a plan that could act, were it an answer.
        socket.send(holding(asked, H));
      }
      return number === 1 ? null : holding(asked, H);
    });
    expect(reasons[0]).toBeNull();
    for (const reason of reasons.slice(1)) {
      expect(reason ?? 'nobody had asked for').toMatch(/nobody had asked for|given up/);
    }
    expect(server.connections.length).toBeGreaterThan(2);
  });

  it('sends a frame beyond all bounds is hung up on, and given up', async () => {
    const { reasons } = await drawFour(() => new Uint8Array(17 * 1024 * 1024));
    const beyond = 'the connection failed: Max payload size exceeded';
    expect(reasons).toEqual([beyond, beyond, beyond, expect.stringMatching(/^given up after 3/)]);
  });

  it('says nothing of itself, or is not there, is refused at once', async () => {
    const { open } = await serve(STILL, { silent: true, answerMs: 50 });
    await expect(open()).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/within 0.3 s; start it, or see what it says$/),
    });
    const gone = RemotePolicy.open({
      ...{ url: 'ws://127.0.0.1:9', answerMs: 2000, observationKeys: 'fp', apiKey: undefined },
    });
    await expect(gone).rejects.toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
  });

  it('comes back as another policy is not gone on with', async () => {
    let opened = 0;
    const metadata = () => ({ fp: { horizon: H, name: opened++ < 2 ? 'one' : 'two' } });
    const hangUp: Answering = (_, { socket }) => {
      socket.terminate();
      return null;
    };
    const { reasons } = await drawFour(butOnce(hangUp), { metadata });
    const another = 'another policy is served there than before';
    expect(reasons).toEqual([null, expect.stringContaining('1006'), another, another]);
  });
});

it.each([
  ['guidance', { guidance: 2 }],
  ['inpainting', { inpainting: true }],
  ['attention', { attention: true }],
  ['states', { states: true }],
  ['sampler', { sampler: { kind: 'euler', steps: 4 } }],
] as const)('a policy server cannot be asked for %s, and says so', async (name, options) => {
  const { open } = await serve(STILL);
  await expect((await open()).prepare(1, options)).rejects.toThrow(
    new RegExp(`^${name}: .*policy server ws://.*leave it out`),
  );
});

it('two who ask one planner at once, as two pages do, are answered in turn', async () => {
  const { open, server } = await serve(STILL);
  const planner = await (await open()).prepare(1);
  const drawn = await Promise.all(
    [HOLD, HOLD.map((value) => value / 2)].map((pose) => {
      const observation = new Float32Array(planner.policy.observationDim);
      observation.set(pose);
      return planner.draw(observation, [Random.of(1)]);
    }),
  );
  expect(drawn.map(({ chunk, failures }) => [chunk[0], failures?.size])).toEqual([
    [Math.fround(HOLD[0]), 0],
    [Math.fround(HOLD[0] / 2), 0],
  ]);
  expect(server.connections).toHaveLength(2);
  await planner.dispose();
});

it('plans of a server that answers none are not timed', async () => {
  const { open } = await serve(() => encode({}));
  const policy = await open();
  expect(await timePlans({ task, policy, sampler: null, actionHorizon: H, seed: 0 })).toBeNull();
});
