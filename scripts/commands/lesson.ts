import type { Command } from 'commander';
import { LATEST_TAU } from '../../policies/lesson/fields.ts';
import { FULL_LESSON, type LessonReport, runLesson } from '../../policies/lesson/lesson.ts';
import { findMethod } from '../../policies/methods/index.ts';
import { openEngine } from '../engine.ts';
import { type EngineOptions, SEED, wholeNumber, withEngine } from '../options.ts';
import { startProgress } from '../progress.ts';
import { formatTable, percent, printJson } from '../table.ts';

interface LessonOptions extends EngineOptions {
  readonly seed: number;
  readonly steps: number;
  readonly points: number;
  readonly json?: true;
}

export function defineLesson(command: Command): void {
  withEngine(command)
    .option('--seed <n>', 'seed of weights, data and noise', SEED, 0)
    .option(
      '--steps <n>',
      'training steps of each policy',
      wholeNumber(2, 100_000),
      FULL_LESSON.steps,
    )
    .option(
      '--points <n>',
      'points sampled from each policy',
      wholeNumber(2, 100_000),
      FULL_LESSON.points,
    )
    .option('--json', 'print the result as one JSON document on standard output')
    .action(lesson);
}

async function lesson({ engine, seed, steps, points, json }: LessonOptions): Promise<void> {
  const progress = startProgress('percent', 100);
  const report = await runLesson(await openEngine(engine), seed, { steps, points }, (share) =>
    progress.update(Math.round(100 * share)),
  );
  progress.stop();
  if (json) printJson(report);
  else process.stdout.write(`${describeExample(report)}\n${describeFork(report)}`);
}

type Place = readonly [number, number];
const place = ([x, y]: Place) => `(${x.toFixed(2)}, ${y.toFixed(2)})`;

function describeExample({ workedExample }: LessonReport): string {
  const { flow, diffusion } = workedExample;
  const paths = [flow.tenSteps, ...diffusion];
  const names = ['flow, Euler', ...diffusion.map((_, run) => `diffusion, run ${run + 1}`)];
  const stations = flow.tenSteps.path.map((_, step) => [
    String(step),
    ...paths.map(({ path }) => place(path[step])),
  ]);
  const wayLengths = paths.map((path) => path.detour.toFixed(3));
  return (
    'From (0, 0) to (8, 8)\n' +
    formatTable(['step', ...names], [...stations, ['way / straight', ...wayLengths]]) +
    flow.stations
      .map(
        ({ tau, point, velocity }) =>
          `τ = ${tau}: the path stands at ${place(point)}, the learnt velocity is ${place(velocity)}\n`,
      )
      .join('') +
    `one Euler step lands at ${place(flow.oneStep.path[1])}, ` +
    `${flow.oneStep.error.toExponential(1)} of the way off\n`
  );
}

function describeFork({ fork, engine }: LessonReport): string {
  const { drawn, mixture, points, floor, fieldError, straightness } = fork;
  const rows = drawn.map((each) => [
    findMethod(each.policy).title,
    each.sampler,
    String(each.nfe),
    each.energyDistance.toFixed(4),
    ...each.modes.map(percent),
    percent(each.outside),
  ]);
  return (
    `Two clouds at ${mixture.means.map(place).join(' and ')}, σ = ${mixture.deviation}\n` +
    formatTable(['policy', 'sampler', 'NFE', 'distance', 'left', 'right', 'outside 3σ'], rows) +
    `energy distance of ${points} points; two samples of the clouds themselves: ` +
    `${floor.toFixed(4)}\n` +
    `field error against the closed form: flow ${percent(fieldError.flow)} (τ ≤ ${LATEST_TAU}), ` +
    `diffusion ${percent(fieldError.diffusion)}\n` +
    `straightness S: flow ${straightness.flow.toPrecision(2)}, ` +
    `reflow ${straightness.reflow.toPrecision(2)} (0 is straight)\n` +
    `${engine}\n`
  );
}
