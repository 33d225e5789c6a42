/** A page without a server: what it is answered, held against the server's own stages. */
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { beforeAll, expect, it } from 'vitest';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { NetworkPolicy } from '../../../policies/network-policy.ts';
import { writeShipment } from '../../../scripts/static/shipment.ts';
import { reportError } from '../../../server/error-report.ts';
import { InPageServer, OFFERED } from '../../../server/in-page/in-page-server.ts';
import type { Hello, StageEpisode, StageProblem } from '../../../server/protocol/index.ts';
import {
  nameOfSource,
  type PolicySource,
  stageSettingsSchema,
} from '../../../server/protocol/index.ts';
import { StageHost, type StageMessage } from '../../../server/stage/stage-host.ts';
import { loadShipped } from '../../../server/storage/workspace.ts';
import { loadPhysics } from '../../../sim/index.ts';
import { fanOf } from '../../support/frames.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

/** Largest difference of paths that counts as none, m. */
const SAME = 1e-5;

let folder: string;
beforeAll(async () => {
  folder = await temporaryDirectory();
  await writeShipment(folder, ['l2', 'flow'], 'draft');
});

interface Said {
  readonly event: string;
  readonly args: readonly unknown[];
}

/** @param missing a part of the path of files that the host does not have */
function openServer(missing?: string): { server: InPageServer; said: Said[] } {
  const said: Said[] = [];
  const server = new InPageServer({
    base: `${pathToFileURL(folder).href}/`,
    fetch: async (url) =>
      missing && url.includes(missing)
        ? new Response(null, { status: 404 })
        : new Response(new Uint8Array(await readFile(new URL(url)))),
    loadPhysics,
    async loadRuntime(wasm) {
      env.wasm.numThreads = 1;
      env.wasm.wasmBinary = wasm;
      return { InferenceSession, Tensor };
    },
    say(event, args, received) {
      said.push({ event, args });
      received?.();
    },
  });
  return { server, said };
}

const heard = <T>(said: readonly Said[], event: string): Promise<T> =>
  until(() => said.find((each) => each.event === event)?.args[0] as T | undefined, event);

const settings = (names: readonly string[]) => ({
  lanes: names.map((name) => ({ policy: { kind: 'shipped' as const, name: name as 'flow' } })),
  seed: 4,
  request: 7,
});

it('says which policies came with the page, and that there is nothing else', async () => {
  const hello = (await openServer().server.answer('hello', {}, null)) as Hello;
  expect(hello.shipped.map(({ name }) => name)).toEqual(['l2', 'flow']);
  expect(hello).toMatchObject({ datasets: [], runs: [], jobs: [], comparisons: [] });
});

it('refuses what takes a server, and says what it does instead', async () => {
  const { server } = openServer();
  await expect(server.answer('train:start', {}, null)).rejects.toThrow(OFFERED.join(', '));
});

it('plays episodes whose plans are the server’s, from the same noise', async () => {
  const { server, said } = openServer();
  await server.answer('stage:command', { kind: 'set', settings: settings(['l2', 'flow']) }, null);
  const episode = await heard<StageEpisode>(said, 'stage:episode');
  expect(episode).toMatchObject({ request: 7, seed: 4, episode: 0, task: 'left-right' });
  expect(episode.engine).toMatch(/in the page.*WebAssembly/);

  const other: StageMessage[] = [];
  const engine = createCompiledEngine();
  const policies = {
    open: async (source: PolicySource) =>
      new NetworkPolicy(engine, await loadShipped(nameOfSource(source))),
    revision: async () => 0,
  };
  const world = { rapier, engine: engine.name, policies, report: reportError };
  const host = new StageHost(world, (message) => other.push(message));
  const whole = stageSettingsSchema.parse(settings(['l2', 'flow']));
  host.command({ viewer: 'server', command: { kind: 'set', settings: whole } });

  for (const lane of [0, 1]) {
    const here = await until(() => said.flatMap(pageFan).find((fan) => fan.lane === lane), 'plans');
    const there = await until(
      () => other.flatMap(serverFan).find((fan) => fan.lane === lane),
      'plans',
    );
    expect(here.step).toBe(there.step);
    expect(here.paths.length).toBe(16);
    expect(here.paths.map(({ mode }) => mode)).toEqual(there.paths.map(({ mode }) => mode));
    const [a, b] = [here, there].map(({ paths }) => paths.flatMap(({ points }) => [...points]));
    expect(a.length).toBe(16 * 32 * 3);
    expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThan(SAME);
  }
  host.close();
  await server.answer('stage:command', { kind: 'play', playing: false }, null);
}, 120_000);

it('says of a stage that cannot begin why, and begins it once that is cured', async () => {
  const lost = openServer('flow/weights');
  await lost.server.answer('stage:command', { kind: 'set', settings: settings(['flow']) }, null);
  const problem = await heard<StageProblem>(lost.said, 'stage:error');
  expect(problem).toMatchObject({ code: 'not-found', request: 7, lane: 0 });
  expect(problem.message).toMatch(/flow\/weights.*404.*copy the whole folder/);

  const noRuntime = openServer('runtime/');
  const set = { kind: 'set', settings: settings(['l2']) } as const;
  await noRuntime.server.answer('stage:command', set, null);
  expect(await heard<StageProblem>(noRuntime.said, 'stage:error')).toMatchObject({
    code: 'not-found',
  });
}, 120_000);

it('names the policies there are where one is asked for that did not come with the page', async () => {
  const { server, said } = openServer();
  await server.answer('stage:command', { kind: 'set', settings: settings(['diffusion']) }, null);
  const { code, message } = await heard<StageProblem>(said, 'stage:error');
  expect(code).toBe('not-found');
  expect(message).toContain('l2, flow');
});

function pageFan({ event, args: [packed] }: Said) {
  return event === 'stage:fan' ? [fanOf(new Float32Array(packed as ArrayBuffer))] : [];
}

function serverFan(message: StageMessage) {
  return message.kind === 'fan' ? [fanOf(message.packed)] : [];
}
