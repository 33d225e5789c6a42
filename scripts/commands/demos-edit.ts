import { type Command, InvalidArgumentError } from 'commander';
import { editDataset, mergeDatasets, splitDataset } from '../../server/datasets/edit.ts';
import type { DatasetEdit } from '../../server/protocol/dataset-edits.ts';
import { EPISODE_LIST } from '../../server/protocol/episode-list.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import { loadPhysics } from '../../sim/index.ts';
import { describeDatasets, placeOf } from '../datasets.ts';
import { type CommonOptions, instructionText, wholeNumber, withCommon } from '../options.ts';
import { printJson } from '../table.ts';

/** `demos edit …`: the version before an edit goes to the trash. */
export function defineEdits(edit: Command): void {
  withCommon(edit.command('delete'))
    .description('remove episodes')
    .argument('<name>')
    .option('--episodes <list>', 'which to remove, e.g. 0-9,12', episodeList)
    .option('--failures', 'remove all without success')
    .option('--keep <list>', 'remove all but these', episodeList)
    .action(
      async (
        name: string,
        options: CommonOptions & { episodes?: string; failures?: boolean; keep?: string },
      ) => change(name, deletionOf(options), options),
    );

  withCommon(edit.command('relabel'))
    .description('give episodes another mode or another instruction')
    .argument('<name>')
    .requiredOption('--episodes <list>', 'which, e.g. 0-9,12', episodeList)
    .option('--mode <mode>', 'the mode they show; "none" for none')
    .option(
      '--instruction <text>',
      'the instruction; success is judged again by it',
      instructionText,
    )
    .action(
      (
        name: string,
        options: CommonOptions & { episodes: string; mode?: string; instruction?: string },
      ) => {
        const { episodes, mode, instruction } = options;
        const label = {
          ...(mode !== undefined && { mode: mode === 'none' ? null : mode }),
          ...(instruction !== undefined && { instruction }),
        };
        return change(name, { kind: 'relabel', episodes, ...label }, options);
      },
    );

  withCommon(edit.command('trim'))
    .description('end an episode earlier; its beginning cannot be cut off')
    .argument('<name>')
    .requiredOption('--episode <n>', 'which', wholeNumber(0, LIMITS.episodes))
    .requiredOption('--steps <n>', 'control steps to keep', wholeNumber(1, 1_000_000))
    .action((name: string, options: CommonOptions & { episode: number; steps: number }) =>
      change(name, { kind: 'trim', episode: options.episode, length: options.steps }, options),
    );

  withCommon(edit.command('split'))
    .description('split a dataset into new ones; the original stays')
    .argument('<name>')
    .option(
      '--by <what>',
      'mode, result, source, verified, or the number of the episode that begins the second part',
      splitBy,
      'mode',
    )
    .action(async (name: string, { data, json, by }: CommonOptions & { by: SplitBy }) => {
      const { datasets } = openWorkspace(placeOf(data));
      const { hash } = await datasets.open(name);
      const made = await splitDataset(datasets, { name, hash, by });
      if (json) printJson(made);
      else process.stdout.write(describeDatasets(made));
    });

  withCommon(edit.command('merge'))
    .description('merge datasets into a new one; the originals stay')
    .argument('<names...>')
    .requiredOption('--out <name>', 'name of the new dataset')
    .action(async (names: string[], { data, json, out }: CommonOptions & { out: string }) => {
      const { datasets } = openWorkspace(placeOf(data));
      if (names.length < 2) {
        const got = `merge: expected at least 2 datasets, got ${names.length}`;
        throw new ProtocolError('invalid-request', got);
      }
      const made = await mergeDatasets(datasets, { names, out });
      if (json) printJson(made);
      else process.stdout.write(describeDatasets([made]));
    });
}

const SPLITS = ['mode', 'result', 'source', 'verified'] as const;
type SplitBy = (typeof SPLITS)[number] | number;

function splitBy(text: string): SplitBy {
  const known = SPLITS.find((each) => each === text);
  if (known) return known;
  return wholeNumber(1, LIMITS.episodes)(text);
}

function episodeList(text: string): string {
  if (EPISODE_LIST.test(text)) return text;
  throw new InvalidArgumentError(`expected episodes like 0-9,12, got "${text.slice(0, 80)}"`);
}

function deletionOf({
  episodes,
  failures,
  keep,
}: {
  episodes?: string;
  failures?: boolean;
  keep?: string;
}): DatasetEdit {
  const edits: DatasetEdit[] = [
    ...(episodes !== undefined ? [{ kind: 'delete' as const, episodes }] : []),
    ...(keep !== undefined ? [{ kind: 'keep' as const, episodes: keep }] : []),
    ...(failures ? [{ kind: 'delete-failures' as const }] : []),
  ];
  if (edits.length === 1) return edits[0];
  throw new ProtocolError(
    'invalid-request',
    `delete: expected one of --episodes, --keep and --failures, got ${edits.length}`,
  );
}

async function change(name: string, edit: DatasetEdit, options: CommonOptions): Promise<void> {
  const { datasets } = openWorkspace(placeOf(options.data));
  const { hash } = await datasets.open(name);
  const { dataset, id } = await editDataset(datasets, await loadPhysics(), { name, hash, edit });
  if (options.json) {
    printJson({ dataset, before: id });
    return;
  }
  process.stdout.write(describeDatasets([dataset]));
  process.stderr.write(`the version before is in the trash as ${id}\n`);
}
