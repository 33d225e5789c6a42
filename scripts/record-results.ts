/**
 * A record of what the program computes, to hold two versions of it against each other: datasets,
 * trained weights, comparisons, instructions and the lesson, as JSON without times.
 *
 *   node dist/scripts/record-results.js --checkout OLDER > before.json
 *   node dist/scripts/record-results.js --against before.json
 *
 * The second ends with 1 and names what differs. Only what the older record has is compared: results
 * may grow. Both checkouts must be built (npm run build:node).
 *
 * @cost about 6 minutes on two cores; 1 with --quick
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs, promisify } from 'node:util';

/**
 * What is not computed but measured, chosen by chance, or says when and where; and the digest of a
 * checkpoint's file, whose header grows with the versions: `tensors` is that of all numbers in it.
 */
const MEASURED = new Set([
  'checkpointSha256',
  'id',
  'run',
  'createdAt',
  'pid',
  'seconds',
  'latencyMs',
  'path',
  'warnings',
  'metricsChain',
]);

const run = promisify(execFile);

/** Commands of the command line by what they show; `{steps}` and `{rollouts}` are filled in. */
const COMMANDS: Readonly<Record<string, string>> = {
  demonstrations: 'demos generate --episodes 20 --out pairs',
  'demonstrations, two balls':
    'demos generate --task left-right-colour --episodes 16 --out colours',
  'demonstrations, 50 Hz':
    'demos generate --task left-right-colour --control-hz 50 --episodes 4 --out fast',
  'demonstrations, other seed': 'demos generate --episodes 2 --seed 16383 --out seeded',
  l2: 'train --policy l2 --dataset pairs --steps {steps}',
  lstm: 'train --policy lstm --dataset pairs --steps {steps}',
  diffusion: 'train --policy diffusion --dataset pairs --steps {steps}',
  flow: 'train --policy flow --dataset pairs --steps {steps}',
  reflow: 'train --policy reflow --dataset pairs --steps {steps}',
  'reading flow': 'train --policy flow --dataset colours --steps {steps}',
  camera: 'train --policy flow --preset camera --dataset colours --steps {steps}',
  'lesson flow': 'train --policy flow --preset lesson --dataset fast --steps {few}',
  comparison:
    'compare --policies l2,lstm,diffusion,diffusion:ddpm,diffusion:dpm-solver++:5,' +
    'flow,flow:euler:4,reflow --rollouts {rollouts}',
  'comparison, cameras and words': 'compare --policies reading-flow,seeing-flow --rollouts 4',
  'comparison, 50 Hz': 'compare --policies lesson-flow --rollouts 2',
  'comparison, delays': 'compare --policies flow --delays 0,4 --action-horizon 8 --rollouts 4',
  'comparison, horizons': 'compare --policies l2 --action-horizons 8,16 --rollouts 9',
  instructions: 'instructions --policy reading-flow --rollouts 8',
  lesson: 'lesson',
};

const { values } = parseArgs({
  options: {
    checkout: { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
    against: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

const { checkout, against, quick } = values;
const numbers = { steps: quick ? 10 : 200, few: quick ? 2 : 20, rollouts: quick ? 4 : 40 };
const older: unknown = against && JSON.parse(await readFile(against, 'utf8'));
const record = await recordAll(resolve(checkout));
if (older === undefined || older === '') {
  process.stdout.write(`${JSON.stringify(record, null, 1)}\n`);
} else {
  const differing = differences(computed(older), record);
  for (const difference of differing) process.stdout.write(`${difference}\n`);
  process.stdout.write(differing.length === 0 ? 'equal\n' : `${differing.length} differ\n`);
  if (differing.length > 0) process.exitCode = 1;
}

async function recordAll(root: string): Promise<Record<string, unknown>> {
  const data = await mkdtemp(join(tmpdir(), 'forking-paths-record-'));
  const results: Record<string, unknown> = {};
  try {
    for (const [name, words] of Object.entries(COMMANDS)) {
      const args = words
        .replace(/\{(\w+)\}/g, (_, key: keyof typeof numbers) => String(numbers[key]))
        .split(' ');
      process.stderr.write(`${name}\n`);
      if (args[0] !== 'lesson') args.push('--data', data);
      results[name] = await result(root, data, args);
    }
    return results;
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function result(root: string, data: string, args: readonly string[]): Promise<unknown> {
  const cli = join(root, 'dist/scripts/cli.js');
  const { stdout } = await run(process.execPath, [cli, ...args, '--json'], {
    maxBuffer: 2 ** 28,
  });
  const json: unknown = JSON.parse(stdout);
  if (args[0] !== 'train') return computed(json);
  const { id } = json as { id: string };
  const checkpoint = await readFile(join(data, 'runs', id, 'checkpoint.safetensors'));
  return { ...(computed(json) as object), tensors: tensorsOf(checkpoint) };
}

/** Sha-256 of the tensors of a safetensors file, its header left out. */
function tensorsOf(bytes: Buffer): string {
  const begin = 8 + Number(bytes.readBigUInt64LE());
  return createHash('sha256').update(bytes.subarray(begin)).digest('hex');
}

/** JSON without what was measured. */
function computed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(computed);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !MEASURED.has(key));
  return Object.fromEntries(kept.map(([key, each]) => [key, computed(each)]));
}

/** Where a newer record says something else than an older one. */
function differences(before: unknown, after: unknown, at = ''): string[] {
  if (
    typeof before === 'object' &&
    before !== null &&
    typeof after === 'object' &&
    after !== null
  ) {
    const fields = after as Readonly<Record<string, unknown>>;
    return Object.entries(before).flatMap(([key, value]) =>
      differences(value, fields[key], `${at}/${key}`),
    );
  }
  if (isDeepStrictEqual(before, after)) return [];
  return [`${at}: ${JSON.stringify(before)} before, ${JSON.stringify(after)} now`];
}
