import { type Command, InvalidArgumentError } from 'commander';
import { linkTo } from '../../server/experiments/link.ts';
import type { ExperimentPlan } from '../../server/experiments/plan.ts';
import { type ExperimentReport, reportExperiment } from '../../server/experiments/report.ts';
import { type Stopping, stoppingOf } from '../../server/experiments/stopping.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { formatVerdicts } from '../compare/verdicts.ts';
import {
  EXPERIMENT_PLACE,
  headOf,
  mergeDirectory,
  type RunExperiment,
  workspaceOf,
  writeResult,
} from '../experiments/directory.ts';
import {
  formatMeasures,
  formatRobustness,
  formatSeeds,
  measuresAsCsv,
} from '../experiments/table.ts';
import { interruptible, unlessStopped } from '../interrupt.ts';
import { dataOption, JSON_OPTION, numberWithin, wholeNumber, withTextEncoder } from '../options.ts';
import { artefactPlace, filePath } from '../paths.ts';
import { type Progress, startProgress } from '../progress.ts';
import { contenderTable } from '../report/contender-table.ts';
import { latexTable } from '../report/latex.ts';
import { reportPage } from '../report/page.ts';
import { type Pictured, takePictures } from '../report/pictures.ts';
import { questionOf } from '../report/sections/asked.ts';
import { summarizeOffsets } from '../report/sections/offsets.ts';
import { type FrontTimes, timeFront } from '../report/times.ts';
import { percent, printJson } from '../table.ts';

/** The report, where no other place is named. */
const REPORT_FILE = 'report.html';
/** Rollouts that are rolled out again for the report, unless said otherwise. */
const PICTURES = 24;
const MOST_PICTURES = 200;
/** Pairs that a terminal has room for. */
const MOST_PRINTED = 36;

export function defineReport(experiment: Command): void {
  withTextEncoder(experiment.command('report'))
    .description('write one self-contained page of results: verdicts, plots, paths seen from above')
    .argument('<dir>', EXPERIMENT_PLACE, artefactPlace)
    .addOption(dataOption())
    .option(
      '--out <file>',
      `where to write the page (default: ${REPORT_FILE} in the directory)`,
      filePath,
    )
    .option(
      '--within <delta>',
      'δ: a smaller difference in success counts as the same, such as 0.05',
      numberWithin(LIMITS.within.least, LIMITS.within.most),
    )
    .option(
      '--pictures <n>',
      'rollouts to repeat, check against their recorded hash, and draw from above',
      wholeNumber(0, MOST_PICTURES),
      PICTURES,
    )
    .option(
      '--page <url>',
      'address of the page that links of pictures open',
      pageAddress,
      'http://127.0.0.1:8080/',
    )
    .option(
      '--times',
      'time plans of the contenders on the front, one after the other: run it on a quiet machine',
    )
    .option('--csv', 'print the table as comma-separated values, and write no page')
    .option('--latex', 'print the table for a LaTeX document with booktabs, and write no page')
    .option(...JSON_OPTION)
    .action(report);
}

interface ReportOptions extends TextEncoderPlace {
  readonly data: string;
  readonly out?: string;
  readonly within?: number;
  readonly pictures: number;
  readonly page: string;
  readonly times?: true;
  readonly csv?: true;
  readonly latex?: true;
  readonly json?: true;
}

async function report(path: string, options: ReportOptions): Promise<void> {
  const { csv, latex, json } = options;
  const run = await mergeDirectory(path);
  const { directory, planned, merged } = run;
  const told = reportExperiment(planned, merged, options.within ?? null);
  if (csv || latex) {
    process.stdout.write(csv ? tableAsCsv(run, told) : tableAsLatex(run, told));
    return;
  }
  const pictures = await look(run, options);
  const times = options.times ? await time(run, told, options) : null;
  const page = reportPage({
    ...{ plan: planned, report: told, engine: merged.engine, pictures, times },
    within: options.within ?? null,
    places: { directory: path, page: options.page },
  });
  const file = await writeResult(directory, REPORT_FILE, options.out, page);
  const proven = pictures.filter((each) => each.proven).length;
  if (json) {
    printJson({
      ...headOf(directory, planned),
      ...{ engine: merged.engine, file },
      contenders: told.contenders.map(({ contender, measures, ...rest }, i) => {
        const latencyMs = times?.plans.get(i);
        return { ...contender, ...measures, ...rest, ...(latencyMs && { latencyMs }) };
      }),
      ...{ paired: told.pairs, duels: told.duels, robustness: told.robustness, seeds: told.seeds },
      ...{
        offsets: summarizeOffsets(told),
        untilDecided: stoppingOf(planned, merged, options.within ?? null),
      },
      leftOut: planned.leftOut,
      pictures: pictures.map(({ contender, recorded, replayed, proven: same }) => {
        const { start, noise, success, replayHash } = recorded;
        const replayedHash = replayed.rollout.replayHash;
        const who = planned.contenders[contender];
        const link = linkTo(options.page, planned, who, recorded, replayed.controlHz);
        return { contender, start, noise, success, replayHash, replayedHash, proven: same, link };
      }),
    });
  } else {
    process.stdout.write(
      `${tableAsText(run, told, options.within)}${file}: ${proven} of ${pictures.length} pictures proven by the hash of ` +
        'their replay\n',
    );
  }
  if (proven < pictures.length) throw contradiction(file, pictures.length - proven);
}

/** Address of a page, as commander's argument parser. */
function pageAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol)) return `${url.origin}${url.pathname}`;
  throw new InvalidArgumentError(`expected the address of a page, http://HOST:PORT, got "${text}"`);
}

/** The rollouts of the contact sheet; replays are no work that is kept. */
function look(run: RunExperiment, options: ReportOptions): Promise<readonly Pictured[]> {
  const { planned, merged } = run;
  const { place } = workspaceOf(options, planned);
  return watched('pictures', (heard) =>
    takePictures(place, planned, merged, options.pictures, heard),
  );
}

function time(
  { planned }: RunExperiment,
  told: ExperimentReport,
  options: ReportOptions,
): Promise<FrontTimes> {
  const { place } = workspaceOf(options, planned);
  return watched('contenders timed', (heard) => timeFront(place, planned, told, heard));
}

/** Work for the page, with its progress: it can be stopped, and nothing of it is kept. */
function watched<T>(
  what: string,
  work: (heard: { onBegin(total: number): void; onDone(done: number): void }) => Promise<T>,
): Promise<T> {
  let progress: Progress | undefined;
  const heard = {
    onBegin: (total: number) => {
      if (total > 0) progress = startProgress(what, total);
    },
    onDone: (done: number) => progress?.update(done),
  };
  return interruptible('stopping; no page is written', (signal) =>
    unlessStopped(signal, work(heard)),
  ).finally(() => progress?.stop());
}

function tableAsText(
  { planned, merged }: RunExperiment,
  told: ExperimentReport,
  within: number | undefined,
): string {
  const measures = told.contenders.map((each) => each.measures);
  const letters = told.contenders.map((each) => each.letters);
  const seeds = told.seeds.length > 0 ? `\n${formatSeeds(told)}` : '';
  const robust = told.robustness.length > 0 ? `\n${formatRobustness(told)}` : '';
  const table = `${formatMeasures(planned, measures, letters)}${seeds}${robust}`;
  const { pairs: paired } = told;
  const stopping = stoppingOf(planned, merged, within ?? null);
  const stopped = stopping ? `${formatStopping(planned, stopping)}\n` : '';
  if (paired.length === 0 || paired.length > MOST_PRINTED) return `${table}${stopped}`;
  const verdicts = formatVerdicts({ paired, ...(within !== undefined && { within }) });
  return `${table}\n${verdicts}\n${stopped}`;
}

/** What of these rollouts would have been spared. */
function formatStopping({ rollouts }: ExperimentPlan, stopping: Stopping): string {
  const { pairs, share, open, together } = stopping;
  return (
    `stopped once decided, these would have taken ${percent(share)} of the rollouts, pair by pair ` +
    `(${open} of ${pairs.length} pairs stay open at ${rollouts}), and ${percent(together.share)} all together`
  );
}

function tableAsCsv({ planned }: RunExperiment, { contenders }: ExperimentReport): string {
  const measures = contenders.map((each) => each.measures);
  const letters = contenders.map((each) => each.letters);
  return measuresAsCsv(planned, measures, letters);
}

function tableAsLatex({ planned }: RunExperiment, told: ExperimentReport): string {
  return latexTable(contenderTable(planned, told), questionOf(planned, told).join(' '));
}

function contradiction(file: string, count: number): ProtocolError {
  return new ProtocolError(
    'failed',
    `${file}: expected every replay to end in the recorded hash, got ${count} that did not, which the ` +
      'page marks; this machine or version computes something else than the one that ran the experiment',
  );
}
