/** A person takes the arm out of a policy's hand on a stage, and gives it back. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportError } from '../../../server/error-report.ts';
import { stageSettingsSchema } from '../../../server/protocol/index.ts';
import { type CommandsUntil, unpackCommands } from '../../../server/protocol/takeover-commands.ts';
import { StageHost, type StageMessage } from '../../../server/stage/stage-host.ts';
import { ACTION_DIM, Episode, startSeed } from '../../../sim/index.ts';
import { frameOf } from '../../support/frames.ts';
import { ScriptedPolicy, type ScriptInputs } from '../../support/scripted-policy.ts';
import { HOLD, rapier, task } from '../../support/simulation.ts';
import { until } from '../../support/until.ts';

const said: StageMessage[] = [];
let host: StageHost;
let asked = 0;

/** Two pages that show the same. */
beforeAll(async () => {
  const still = new ScriptedPolicy(({ noise }: ScriptInputs) =>
    Float32Array.from(noise, (_, i) => HOLD[i % ACTION_DIM]),
  );
  const policies = { open: async () => still, revision: async () => 0 };
  const world = { rapier, engine: 'none', policies, report: reportError };
  host = new StageHost(world, (message) => said.push(message));
  const settings = stageSettingsSchema.parse({
    lanes: [0, 1].map(() => ({ policy: { kind: 'shipped', name: 'flow' }, nfe: 1 })),
    fan: 1,
    seed: 3,
    speed: 8,
  });
  for (const viewer of ['a', 'b']) host.command({ viewer, command: { kind: 'set', settings } });
  for (const viewer of ['a', 'b']) {
    await until(() => lastStep(viewer) > 12, 'some steps');
    host.command({ viewer, command: { kind: 'play', playing: false } });
  }
});
afterAll(() => host.close());

const framesOf = (viewer: string) =>
  said.flatMap((each) =>
    each.viewer === viewer && each.kind === 'frame' ? [frameOf(each.packed)] : [],
  );
const lastStep = (viewer: string) => framesOf(viewer).at(-1)?.step ?? -1;
const episodeOf = (viewer: string) => framesOf(viewer).at(-1)?.episodeId ?? -1;

/** What the host says to something it is asked: the packed answer, or the code of a refusal. */
async function reply(viewer: string, say: (id: number) => void): Promise<Float32Array | string> {
  const id = ++asked;
  say(id);
  return until(() => {
    for (const message of said) {
      if (message.viewer !== viewer || !('ask' in message) || message.ask !== id) continue;
      return message.kind === 'answer' ? message.packed : message.error.code;
    }
    return undefined;
  }, 'an answer');
}

async function commandsOf(viewer: string, step: number, lane = 0): Promise<CommandsUntil> {
  const inquiry = { kind: 'commands', episodeId: episodeOf(viewer), lane, step } as const;
  const packed = await reply(viewer, (id) => host.command({ viewer, ask: { id, inquiry } }));
  const found = typeof packed === 'string' ? null : unpackCommands(packed);
  if (!found) throw new Error(`expected commands, got ${packed}`);
  return found;
}

function goOn(viewer: string, step: number, replayHash: string, rows: Float32Array) {
  const request = { episodeId: episodeOf(viewer), lane: 0, step, replayHash };
  return reply(viewer, (id) => host.command({ viewer, goOn: { id, request, rows } }));
}

/** The page's own physics. */
function replayed(commands: ArrayLike<number>): Episode {
  const initial = task.sampleInitialState(startSeed('evaluation', 3, 0));
  const episode = Episode.create(rapier, task, initial, 20);
  const rows = Float32Array.from(commands);
  for (let t = 0; t < rows.length; t += ACTION_DIM) episode.step(rows.subarray(t, t + ACTION_DIM));
  return episode;
}

/** 30 control steps in which the first joint turns. */
const PERSON = Float32Array.from({ length: 30 * ACTION_DIM }, (_, i) =>
  i % ACTION_DIM === 0 ? HOLD[0] + 0.01 * Math.floor(i / ACTION_DIM) : HOLD[i % ACTION_DIM],
);

it('tells all commands until a moment, from which the page has the very state', async () => {
  const { commands, spans } = await commandsOf('a', 10);
  expect(spans).toEqual([]);
  expect(commands.length).toBe(10 * ACTION_DIM);
  const episode = replayed(commands);
  const frame = framesOf('a').find(({ step }) => step === 10);
  expect([...episode.observe().state.subarray(0, 7)]).toEqual(
    Array.from(frame?.lanes[0].joints ?? []),
  );
  episode.free();
});

it('refuses what does not end where the page says, and goes on as it was', async () => {
  expect(await goOn('a', 10, '0123456789abcdef', PERSON)).toBe('failed');
  const broken = PERSON.with(3, Number.NaN);
  expect(await goOn('a', 10, '0123456789abcdef', broken)).toBe('invalid-request');
  expect((await commandsOf('a', 10)).spans).toEqual([]);
});

it('lets the policy go on from where the person left the arm, in that view of that page alone', async () => {
  const other = await commandsOf('b', 1000);
  const beside = await commandsOf('a', 1000, 1);
  const { commands } = await commandsOf('a', 10);
  const mine = replayed([...commands, ...PERSON]);
  expect(await goOn('a', 10, mine.hash, PERSON)).toBeInstanceOf(Float32Array);
  const before = lastStep('a');
  host.command({ viewer: 'a', command: { kind: 'play', playing: true } });
  await until(() => lastStep('a') >= before + 3, 'the stage to go on');
  host.command({ viewer: 'a', command: { kind: 'play', playing: false } });

  // The policy's next command follows on the person's last; the frame after it is that state.
  const all = await commandsOf('a', before + 1);
  expect(all.spans).toEqual([[10, 40]]);
  expect(all.commands.length).toBe((10 + 30 + 1) * ACTION_DIM);
  mine.step(all.commands.subarray(-ACTION_DIM));
  const frame = framesOf('a').find(({ step }) => step === before + 1);
  expect([...mine.observe().state.subarray(0, 7)]).toEqual(
    Array.from(frame?.lanes[0].joints ?? []),
  );
  mine.free();
  // The view beside it and the other page know nothing of it.
  const { commands: others } = await commandsOf('a', before, 1);
  expect(others).toEqual(beside.commands);
  expect(await commandsOf('b', 1000)).toEqual(other);
});

it('tells what stands after an earlier takeover, and refuses a moment that it has overtaken', async () => {
  const before = lastStep('a');
  // Before the person took over, nothing has changed.
  expect((await commandsOf('a', 8)).commands.length).toBe(8 * ACTION_DIM);
  // What was shown between that and the return is not what the arm went through.
  const inquiry = { kind: 'commands', episodeId: episodeOf('a'), lane: 0, step: 11 } as const;
  expect(await reply('a', (id) => host.command({ viewer: 'a', ask: { id, inquiry } }))).toBe(
    'not-found',
  );
  expect((await commandsOf('a', before)).spans).toEqual([[10, 40]]);
});

it('lets one of two go on who hold the same arm, and tells the other', async () => {
  const { commands } = await commandsOf('b', 6, 1);
  const mine = replayed([...commands, ...PERSON]);
  const request = { episodeId: episodeOf('b'), lane: 1, step: 6, replayHash: mine.hash };
  const both = await Promise.all(
    [0, 1].map(() =>
      reply('b', (id) => host.command({ viewer: 'b', goOn: { id, request, rows: PERSON } })),
    ),
  );
  expect(both).toEqual([expect.any(Float32Array), 'conflict']);
  mine.free();
});

it('refuses to go on in an episode that is over', async () => {
  const { commands } = await commandsOf('b', 5);
  const mine = replayed([...commands, ...PERSON]);
  const id = episodeOf('b');
  host.command({ viewer: 'b', command: { kind: 'next' } });
  host.command({ viewer: 'b', command: { kind: 'play', playing: true } });
  await until(() => episodeOf('b') !== id, 'the next episode');
  const request = { episodeId: id, lane: 0, step: 5, replayHash: mine.hash };
  const answer = await reply('b', (ask) =>
    host.command({ viewer: 'b', goOn: { id: ask, request, rows: PERSON } }),
  );
  expect(answer).toBe('conflict');
  mine.free();
});
