import { formatCsv } from '../server/protocol/csv.ts';
import type { LatencyReport, LatencyStage, Spread } from '../server/protocol/results.ts';
import { formatTable, orDash } from './table.ts';

const SPREAD = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'];
const STAGES = ['queue', 'observe', 'normalize', 'network', 'denormalize', 'encode'] as const;

/** Control loops as text: one in full, several a row each. */
export function describeLatency(reports: readonly LatencyReport[]): string {
  return reports.length > 1 ? compareLoops(reports) : describeOne(reports[0]);
}

/** Each plan of each loop, a row each; times in ms. */
export function eachAsCsv(reports: readonly LatencyReport[]): string {
  const header = ['nfe', 'tick', ...STAGES.map(inMs), 'plan_ms', 'missed'];
  const rows = reports.flatMap(({ nfe, plans = [] }) =>
    plans.map(({ tick, stages, chunkMs, missed }) => [
      ...[nfe, tick, ...STAGES.map((stage) => stages[stage].toFixed(4))],
      ...[chunkMs.toFixed(4), Number(missed)],
    ]),
  );
  return formatCsv([header, ...rows]);
}

function inMs(stage: LatencyStage): string {
  return `${stage}_ms`;
}

function compareLoops(reports: readonly LatencyReport[]): string {
  const [{ deadline, actionHorizon, engine, threads, cpu }] = reports;
  const table = formatTable(
    [
      'calls',
      'plans',
      'ms a plan, p50',
      ...SPREAD.slice(1),
      'ms a step',
      'missed',
      'observation age',
    ],
    reports.map(({ nfe, n, chunkMs, perStepMs, deadline, observationAgeMs }) => [
      orDash(nfe),
      String(n),
      ...cellsOf(chunkMs),
      perStepMs.p50.toFixed(3),
      String(deadline.missed),
      observationAgeMs.p99.toFixed(1),
    ]),
  );
  const plans = Math.min(...reports.map(({ n }) => n));
  return (
    `${table}at ${deadline.hz} Hz, ${actionHorizon} control step(s) of each plan executed; missed are plans that ` +
    `came later than ${deadline.blockingMs.toFixed(1)} ms after they were due; of steps the median, of the ` +
    `observation's age p99${sayFewPlans(plans)}\n` +
    `${engine}, ${threads} thread(s), ${cpu}\n`
  );
}

function describeOne(report: LatencyReport): string {
  const { stages, chunkMs, perStepMs, deadline, eventLoopLagMs, garbage, n } = report;
  const table = formatTable(
    ['ms', ...SPREAD],
    [
      ...Object.entries(stages).map(([stage, spread]) => [stage, ...cellsOf(spread)]),
      ['one plan', ...cellsOf(chunkMs)],
      ['a control step', ...cellsOf(perStepMs)],
      ['observation age', ...cellsOf(report.observationAgeMs)],
    ],
  );
  return (
    `${table}${n} plans of ${orDash(report.nfe)} network evaluations (${orDash(report.sampler)}), first call ` +
    `${report.firstCallMs.toFixed(1)} ms${sayFewPlans(n)}\n` +
    `at ${deadline.hz} Hz: ${deadline.missed} deadlines missed, ${deadline.starvedTicks} steps ` +
    `starved; a plan takes ${deadline.delaySteps} control step(s)\n` +
    `the longest plan took ${shareOf(chunkMs.max, deadline.blockingMs)} of the ` +
    `${deadline.blockingMs.toFixed(1)} ms that it has where the arm waits for it, and ` +
    `${shareOf(chunkMs.max, deadline.aheadMs)} of the ${deadline.aheadMs.toFixed(0)} ms until the next one is due\n` +
    `event-loop lag p99 ${eventLoopLagMs.p99.toFixed(1)} ms, max ${eventLoopLagMs.max.toFixed(1)} ms · ` +
    `${garbage.collections} garbage collection(s), ${garbage.ms.toFixed(1)} ms, the longest ` +
    `${garbage.longestMs.toFixed(1)} ms · measuring takes ${(1000 * report.overheadMs).toFixed(1)} µs a plan, ` +
    `${((100 * report.overheadMs) / chunkMs.p50).toFixed(2)} % of it\n` +
    `${report.engine}, ${report.threads} thread(s), ${report.cpu}\n`
  );
}

/** Percentiles that are only the longest plan, as there are too few. */
function sayFewPlans(plans: number): string {
  if (plans >= 1000) return '';
  const beyond = plans < 100 ? 'p99 and p99.9 are' : 'p99.9 is';
  return `; of ${plans} plans, ${beyond} the longest: --seconds or a shorter --action-horizon gives more`;
}

function shareOf(ms: number, available: number): string {
  return `${((100 * ms) / available).toFixed(ms < available / 10 ? 1 : 0)} %`;
}

function cellsOf({ p50, p90, p95, p99, p999, max }: Spread): string[] {
  return [p50, p90, p95, p99, p999, max].map((ms) => ms.toFixed(3));
}
