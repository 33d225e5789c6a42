/**
 * Files of a data directory come to harm at random: whatever is then read is what it was, or refused
 * by a typed error that names the file. Nothing damaged is accepted, and nothing crashes.
 *
 * `DAMAGES=300 SEED=7 npx vitest run tests/faults/damage.test.ts` does more of it, and prints what.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, it, vi } from 'vitest';
import tf from '#tensorflow';
import { ownerTag } from '../../demos/files/index.ts';
import { createCompiledEngine } from '../../policies/engine/index.ts';
import { Random } from '../../policies/random.ts';
import { reportError } from '../../server/error-report.ts';
import type { Metric, Run } from '../../server/protocol/index.ts';
import { loadPolicy } from '../../server/storage/open-policy.ts';
import { openProgramStore } from '../../server/storage/program-store.ts';
import { DATASET, synthetics } from '../demos/store/support.ts';
import { DAMAGES } from '../support/damages.ts';
import { idleProcess } from '../support/server.ts';
import { temporaryDirectory, workspaceAt } from '../support/temporary.ts';
import { TINY_TRAINING, tinyPolicy } from '../support/tiny-policy.ts';

vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 300_000 });

const COUNT = Number(process.env.DAMAGES ?? 40);
const SEED = Number(process.env.SEED ?? 1);

/** Everything that is read, by what it is: a value, or the error that came instead. */
type Readings = Map<string, unknown>;

let intact: string;
/** Files that come to harm, each with one of its kind. */
let victims: { path: string; sibling: string }[];
let expected: Readings;

beforeAll(async () => {
  intact = await temporaryDirectory();
  const ended = idleProcess();
  ended.kill('SIGKILL');
  await makeDatasets(intact);
  const runs = [await makeRun(intact, 3), await makeRun(intact, 4)];
  for (const directory of [...runs, join(intact, 'datasets', 'one')]) {
    const tag = ownerTag().replace(/\.\d+\.\d+$/, `.${ended.pid}.0`);
    await mkdir(join(directory, '.locks'), { recursive: true });
    await writeFile(join(directory, '.locks', `${tag}.00000000`), '.');
  }
  await readPrograms(intact);
  victims = await findVictims(intact);
  expected = await readAll(await copy());
});

async function makeDatasets(data: string): Promise<void> {
  const { datasets } = workspaceAt(data);
  for (const [i, name] of ['one', 'two', 'gone', 'lost'].entries()) {
    const dataset = await datasets.create(name, DATASET);
    await dataset.append(synthetics(2, 10 * i));
  }
  for (const name of ['gone', 'lost']) await datasets.trash(name);
}

/** @returns its directory */
async function makeRun(data: string, seed: number): Promise<string> {
  const { runs } = workspaceAt(data);
  const policy = tinyPolicy({ kind: 'flow' });
  const training = { ...TINY_TRAINING, seed };
  const fresh: Omit<Run, 'id' | 'createdAt'> = {
    ...{ policy: 'flow', preset: 'quick', spec: policy.spec, training },
    dataset: { name: 'one', hash: 'abc', episodes: 2 },
    ...{ status: 'done', pid: null, engine: 'compiled', step: 40, loss: 0.5, seconds: 3 },
    ...{ warnings: ['few demonstrations'], error: null },
  };
  const { id } = await runs.create(fresh);
  const log = await runs.openMetrics(id);
  for (let step = 10; step <= 40; step += 10) {
    const metric: Metric = {
      step,
      loss: seed / step,
      gradientNorm: 2,
      learningRate: 0,
      seconds: 1,
    };
    await log.append(metric);
  }
  const metricsChain = await log.commit();
  await log.close();
  const ema = policy.weights.map((weight) => weight + seed);
  const vectors = { weights: ema, moment1: ema, moment2: ema, ema };
  const checkpointSha256 = await runs.writeCheckpoint(id, {
    policy: { ...policy, weights: ema },
    training,
    state: { step: 40, vectors },
  });
  await runs.update(id, { metricsChain, checkpointSha256 });
  return join(runs.root, id);
}

/** Every file, with the next of the same kind. */
async function findVictims(data: string): Promise<{ path: string; sibling: string }[]> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(data.length + 1))
    .sort();
  return paths.map((path) => {
    const alike = paths.filter((other) => kindOf(other) === kindOf(path));
    return { path, sibling: alike[(alike.indexOf(path) + 1) % alike.length] };
  });
}

function kindOf(path: string): string {
  return path.includes('.locks')
    ? 'lock'
    : path.startsWith('programs')
      ? 'program'
      : basename(path);
}

async function copy(): Promise<string> {
  const data = await temporaryDirectory();
  await cp(intact, data, { recursive: true });
  return data;
}

async function readPrograms(data: string): Promise<number[][]> {
  const programs = await openProgramStore(join(data, 'programs'));
  const engine = createCompiledEngine({ programs });
  const outputs: number[][] = [];
  for (const factor of [2, 3]) {
    const program = await engine.compile(
      ({ x }) => ({ y: tf.mul(x, factor) }),
      [{ name: 'x', shape: [2] }],
      { key: `times ${factor}` },
    );
    const { y } = await program.run({ x: Float32Array.of(5, 7) });
    await program.dispose();
    outputs.push([...y]);
  }
  return outputs;
}

/** Reads all there is, in every way the program does. */
async function readAll(data: string): Promise<Readings> {
  const { datasets, runs } = workspaceAt(data);
  const readings: Readings = new Map();
  const read = async (what: string, how: () => Promise<unknown>) => {
    readings.set(what, await how().catch((error: unknown) => error));
  };
  const ids = (await runs.listAll()).map(({ id }) => id);
  for (const { name, info, error } of await datasets.list()) {
    readings.set(`the listing of ${name}`, info ?? error);
  }
  for (const { id, run, error } of await runs.listAll()) {
    readings.set(`the listing of ${id}`, run ?? error);
  }
  for (const name of ['one', 'two']) {
    await read(`episodes of ${name}`, async () => (await datasets.open(name)).readAll());
    await read(`an export of ${name}`, async () => {
      const out = await temporaryDirectory();
      await (await datasets.open(name)).copyTo(out);
      return contentOf(out);
    });
  }
  for (const id of ids) {
    await read(`run ${id}`, () => runs.read(id));
    await read(`metrics of ${id}`, () => runs.readMetrics(id));
    await read(`checkpoint of ${id}`, () => runs.readCheckpoint(id));
    await read(`policy of ${id}`, () => loadPolicy({ runs }, { kind: 'run', id }));
    await read(`the right to train ${id}`, async () => (await runs.hold(id)).release());
  }
  await read('programs', () => readPrograms(data));
  const trash = await datasets.listTrash();
  readings.set(
    'trash',
    trash.map(({ id }) => id),
  );
  for (const { id, name } of trash) {
    await read(`episodes of ${name}`, async () => (await datasets.restore(id)).readAll());
  }
  return readings;
}

async function contentOf(directory: string): Promise<Map<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const content = new Map<string, string>();
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    content.set(path.slice(directory.length), (await readFile(path)).toString('base64'));
  }
  return content;
}

/** What is wrong with a reading after some files were damaged; null for nothing. */
function judge(reading: unknown, value: unknown, damaged: readonly string[]): string | null {
  if (isDeepStrictEqual(reading, value)) return null;
  if (!(reading instanceof Error)) return 'accepted, though it is not what it was';
  const { code, message } = reportError(reading);
  if (code === 'internal') return `an error without a type: ${reading.stack}`;
  if (damaged.some((path) => message.includes(basename(path)))) return null;
  return `an error that does not name the file: ${message}`;
}

it(`${COUNT} damages are told by name, or do no harm (seed ${SEED})`, async () => {
  const random = Random.of(SEED);
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
  const kinds = Object.keys(DAMAGES);
  const faults: string[] = [];
  for (let i = 0; i < COUNT; i++) {
    // Files in turn, so that each is met; of what comes to pass, chance decides.
    const { path, sibling } = victims[(i * 7 + random.below(7)) % victims.length];
    const kind = kinds[random.below(kinds.length)];
    const data = await copy();
    const elsewhere = await temporaryDirectory();
    const outside = join(elsewhere, 'theirs');
    const victim = { path: join(data, path), sibling: join(data, sibling), outside };
    const before = await readFile(victim.path);
    await DAMAGES[kind](victim, random);
    const readings = await readAll(data);
    let refused = 0;
    for (const [what, value] of expected) {
      const reading = readings.get(what);
      const fault = judge(reading, value, [path, sibling]);
      if (fault) faults.push(`${i}: ${path}, ${kind}: ${what}: ${fault}`);
      if (reading instanceof Error) refused++;
    }
    if (kind === 'a link to its copy') expect(await readFile(outside)).toEqual(before);
    if (process.env.DAMAGES) {
      process.stdout.write(`${i}: ${path}, ${kind}: ${refused} of ${expected.size} refused\n`);
    }
    for (const directory of [data, elsewhere])
      await rm(directory, { recursive: true, force: true });
  }
  warn.mockRestore();
  expect(faults).toEqual([]);
});
