import { basename, extname, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ROLES } from '../../demos/import/roles.ts';
import {
  summarizeDataset,
  summarizeEpisodes,
  verifyDataset,
} from '../../server/datasets/datasets.ts';
import { readOverview } from '../../server/datasets/views.ts';
import { generateRequestSchema, type ImportRequest } from '../../server/protocol/datasets.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import type { QueueAddress } from '../../server/queue/address.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import { loadPhysics } from '../../sim/index.ts';
import { describeDatasets, placeOf } from '../datasets.ts';
import { EXIT } from '../exit.ts';
import { exportDataset } from '../export-dataset.ts';
import { generateThere, generateWithProgress } from '../generate.ts';
import { importWithProgress } from '../import-dataset.ts';
import { type CommonOptions, SEED, wholeNumber, withCommon } from '../options.ts';
import { startProgress } from '../progress.ts';
import { queueOption, storeOption, storeWithoutQueue } from '../queue/connect.ts';
import { formatTable, printJson } from '../table.ts';
import { defineEdits } from './demos-edit.ts';

export function defineDemos(demos: Command): void {
  withCommon(demos.command('generate'))
    .description('generate demonstrations by scripted experts, one of each mode from every start')
    .requiredOption('--out <name>', 'name of the new dataset')
    .option('--episodes <n>', 'number of demonstrations', wholeNumber(1, LIMITS.episodes), 200)
    .option('--task <name>', 'what is demonstrated', 'left-right')
    .option('--seed <n>', 'seed of starts, experts and pushes', SEED, 0)
    .addOption(new Option('--control-hz <hz>', 'control rate').choices(['20', '50']).default('20'))
    .option('--no-pushes', 'never disturb the hand: the data then contains no corrections')
    .option('--camera <pixels>', "keep the camera's pictures as well", wholeNumber(64, 256))
    .option('--mode <mode>', 'only this mode')
    .addOption(queueOption('let workers demonstrate that take from this database'))
    .addOption(
      storeOption('with --queue, where it is put as well, for trainings on other machines'),
    )
    .action(generate);

  withCommon(demos.command('list')).description('list all datasets').action(list);

  withCommon(demos.command('show'))
    .description('list the episodes of a dataset')
    .argument('<name>')
    .action(show);

  withCommon(demos.command('verify'))
    .description('replay every episode and check that it ends in the same bits')
    .argument('<name>')
    .action(verify);

  withCommon(demos.command('export'))
    .description('copy a dataset (a LeRobotDataset v3.0 directory) elsewhere')
    .argument('<name>')
    .requiredOption('--out <dir>', 'directory to create')
    .action(exportTo);

  withCommon(demos.command('import'))
    .description(
      'import a LeRobotDataset, v3.0 or v2.1, of this robot: a directory, or one packed as .zip',
    )
    .argument('<path>')
    .option('--name <name>', 'name of the new dataset (default: that of the path)')
    .addOption(new Option('--out <name>', 'the same').hideHelp())
    .option('--task <name>', 'whose scene it shows (default: the one it tells by its names)')
    .option(
      '--map <feature=key...>',
      `what stands for ${ROLES.join(', ')}, e.g. action=actions.joint+actions.gripper`,
      featureMap,
    )
    .addOption(
      new Option(
        '--resample [hz]',
        'bring it to this control rate by its timestamps (default: the nearest)',
      ).choices(['20', '50']),
    )
    .action(importFrom);

  withCommon(demos.command('check'))
    .description('find episodes that repeat another one or are unlike the others')
    .argument('<name>')
    .action(check);

  defineEdits(
    demos.command('edit').description('edit a dataset; the version before goes to the trash'),
  );

  withCommon(demos.command('trash'))
    .description('move a dataset to the trash, which frees its name')
    .argument('<name>')
    .action(trash);

  withCommon(demos.command('restore'))
    .description('restore a dataset from the trash')
    .argument('<entry>', 'as trash prints it')
    .action(restore);
}

async function generate(
  options: CommonOptions & {
    out: string;
    episodes: number;
    task: string;
    seed: number;
    controlHz: string;
    pushes: boolean;
    camera?: number;
    mode?: string;
    queue?: QueueAddress;
    store?: string;
  },
): Promise<void> {
  const { data, json, controlHz, queue, store, ...rest } = options;
  const request = generateRequestSchema.parse({ ...rest, controlHz: Number(controlHz) });
  if (store !== undefined && !queue) throw storeWithoutQueue('demos generate');
  const generateIt = queue ? generateThere(queue) : generateWithProgress;
  const summary = await generateIt({ ...placeOf(data), store }, request);
  if (json) printJson(summary);
  else process.stdout.write(describeDatasets([summary]));
  if (summary.episodes < request.episodes) process.exitCode = EXIT.interrupted;
}

async function list({ data, json }: CommonOptions): Promise<void> {
  const listings = await openWorkspace(placeOf(data)).datasets.list();
  const summaries = listings.flatMap(({ info }) => (info ? [summarizeDataset(info)] : []));
  const damaged = listings.flatMap(({ name, error }) =>
    error ? [{ name, error: error.message }] : [],
  );
  if (json) printJson([...summaries, ...damaged]);
  else if (summaries.length > 0) process.stdout.write(describeDatasets(summaries));
  else process.stderr.write('no datasets yet; make one with: demos generate --out NAME\n');
  for (const { name, error } of damaged) {
    process.stderr.write(`${name} cannot be read: ${error}\n`);
  }
}

async function show(name: string, { data, json }: CommonOptions): Promise<void> {
  const dataset = await openWorkspace(placeOf(data)).datasets.open(name);
  const episodes = summarizeEpisodes(dataset);
  if (json) {
    printJson({ ...summarizeDataset(dataset.info), list: episodes });
    return;
  }
  process.stdout.write(
    formatTable(
      ['episode', 'mode', 'source', 'success', 'contact', 'steps', 'corrected', 'replay hash'],
      episodes.map(
        ({ index, mode, source, success, contact, length, interventions, replayHash }) => [
          String(index),
          mode ?? '–',
          source,
          success ? 'yes' : 'no',
          contact ? 'yes' : 'no',
          String(length),
          String(interventions ?? 0),
          replayHash ?? 'not verified',
        ],
      ),
    ),
  );
}

async function verify(name: string, { data, json }: CommonOptions): Promise<void> {
  const dataset = await openWorkspace(placeOf(data)).datasets.open(name);
  const { unverified } = dataset.info;
  const progress = startProgress('replayed', dataset.info.episodes - unverified);
  const failures = [];
  let episodes = 0;
  try {
    for await (const result of verifyDataset(await loadPhysics(), dataset)) {
      episodes++;
      if (!result.ok) failures.push(result);
      progress.update(episodes);
    }
  } finally {
    progress.stop();
  }
  if (json) {
    const kept = unverified > 0 ? { unverified } : {};
    printJson({ dataset: name, episodes, ok: episodes - failures.length, ...kept, failures });
  } else {
    process.stdout.write(`${episodes - failures.length} of ${episodes} episodes replay exactly\n`);
    if (unverified > 0) {
      process.stdout.write(`${unverified} more came from elsewhere and are not verified\n`);
    }
    for (const { index, expected, got, otherPhysics } of failures) {
      const why = otherPhysics ? ` (recorded with ${otherPhysics})` : '';
      process.stdout.write(`episode ${index}: expected ${expected}, got ${got}${why}\n`);
    }
  }
  if (failures.length > 0) process.exitCode = EXIT.failed;
}

async function exportTo(
  name: string,
  { data, json, out }: CommonOptions & { out: string },
): Promise<void> {
  const dataset = await openWorkspace(placeOf(data)).datasets.open(name);
  const target = await exportDataset(dataset, out);
  if (json) printJson({ dataset: name, path: target });
  else process.stdout.write(`${target}\n`);
}

async function trash(name: string, { data, json }: CommonOptions): Promise<void> {
  const entry = await openWorkspace(placeOf(data)).datasets.trash(name);
  if (json) printJson({ dataset: name, entry });
  else process.stdout.write(`${name} is in the trash; demos restore ${entry} takes it back\n`);
}

async function restore(entry: string, { data, json }: CommonOptions): Promise<void> {
  const { info } = await openWorkspace(placeOf(data)).datasets.restore(entry);
  const summary = summarizeDataset(info);
  if (json) printJson(summary);
  else process.stdout.write(describeDatasets([summary]));
}

async function importFrom(path: string, options: ImportOptions): Promise<void> {
  const { data, json, task, map, resample } = options;
  const name = options.name ?? options.out ?? nameOfPath(path);
  const request: ImportRequest = {
    ...{ path: resolve(path), name },
    ...(task !== undefined && { task }),
    ...(map !== undefined && { map }),
    ...(resample !== undefined && { resample: resample === true ? 'nearest' : toRate(resample) }),
  };
  const { dataset, notes } = await importWithProgress(placeOf(data), request);
  if (json) printJson({ ...dataset, notes });
  else process.stdout.write(describeDatasets([dataset]));
  for (const note of notes) process.stderr.write(`${note}\n`);
}

interface ImportOptions extends CommonOptions {
  readonly name?: string;
  readonly out?: string;
  readonly task?: string;
  readonly map?: ImportRequest['map'];
  readonly resample?: string | true;
}

function toRate(hz: string): 20 | 50 {
  return hz === '50' ? 50 : 20;
}

/** `My set.zip` as `my-set`. */
function nameOfPath(path: string): string {
  const words = basename(resolve(path), extname(path)).toLowerCase();
  return (
    words
      .replaceAll(/[^a-z0-9_-]+/g, '-')
      .replace(/^[-_]+/, '')
      .slice(0, 64) || 'imported'
  );
}

/** `FEATURE=KEY` or `FEATURE=KEY+KEY`, collected, as commander's argument parser. */
function featureMap(text: string, before: ImportRequest['map'] = {}): ImportRequest['map'] {
  const at = text.indexOf('=');
  const role = ROLES.find((each) => each === text.slice(0, at));
  const keys = text.slice(at + 1).split('+');
  if (role && keys.every((key) => key !== '')) return { ...before, [role]: keys };
  throw new InvalidArgumentError(
    `expected FEATURE=KEY or FEATURE=KEY+KEY with FEATURE one of ${ROLES.join(', ')}, got ` +
      `"${text.slice(0, 80)}"`,
  );
}

async function check(name: string, { data, json }: CommonOptions): Promise<void> {
  const { datasets } = openWorkspace(placeOf(data));
  const { drawn, duplicates, outliers } = await readOverview(datasets, name);
  if (json) {
    printJson({ dataset: name, looked: drawn.length, duplicates, outliers });
    return;
  }
  for (const { episode, of, exact } of duplicates) {
    const how = exact ? 'does exactly what' : 'goes within 2 mm of the path of';
    process.stdout.write(`episode ${episode} ${how} ${of}${exact ? ' does' : ''}\n`);
  }
  for (const { episode, by, value, usual } of outliers) {
    const [what, digits] = by === 'length' ? ['steps', 0] : ['m from the middle path', 3];
    const numbers = `${value.toFixed(digits)} ${what}, others ${usual.toFixed(digits)}`;
    process.stdout.write(`episode ${episode}: ${numbers}\n`);
  }
  process.stdout.write(
    `${duplicates.length} repeated and ${outliers.length} unusual of ${drawn.length} episodes\n`,
  );
}
