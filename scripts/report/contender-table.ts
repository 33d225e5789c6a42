import type { ExperimentPlan } from '../../server/experiments/plan.ts';
import type { ExperimentReport } from '../../server/experiments/report.ts';
import {
  measureCells,
  measureHeads,
  SMOOTHNESS_HEADS,
  smoothnessCells,
} from '../compare/measures.ts';
import { CONTENDER_HEADS, contenderCells } from '../experiments/table.ts';
import { orDash, percent, range } from '../table.ts';

/** A column of the table of contenders, as text; numbers as `experiment merge` prints them. */
export interface TableColumn {
  readonly head: string;
  /** What it says, in a sentence. */
  readonly meaning: string;
  readonly cells: readonly string[];
}

/** What each column says, by its head; those of modes are counts. */
const MEANINGS: Readonly<Record<string, string>> = {
  policy: 'a policy that ships, or the id of a run',
  seed: 'of the training: first weights, order of the data and noise',
  sampler: 'how a chunk of actions is drawn, with what was asked of it besides network calls',
  NFE: 'network evaluations a chunk; guidance doubles them',
  Ta: 'action horizon: control steps executed of each plan',
  scheme: 'what the arm does while a plan is made',
  d: 'control steps that a plan takes',
  perturbation: 'what is otherwise than where the policy was trained, by how much',
  success: 'share of the rollouts that hold up the ball and have touched nothing',
  '95 %': 'its interval, in which what is shared by a start counts once',
  letters: 'contenders that share a letter are not told apart; a is that of the best',
  contact: 'share of the rollouts that touched an obstacle',
  'H(mode)': 'entropy of the ways of all successes: 0 one way only, 1 all alike',
  'H(mode|start)': 'the same of the successes from one start, mean over the starts',
  'between modes': 'share of the first plans that pass where no demonstration did',
  switches: 'share of the rollouts in which successive plans disagree about the way',
  KL: 'of the ways of successes from those of the demonstrations, bits',
  seam: 'what successive plans disagree about where one takes over, root mean square, rad',
  'seam Δv':
    'change of the joints’ velocity where another plan takes over, executed: mean of its norm, rad/s',
  jerk: 'third derivative of the executed motion of the joints: mean of its norm over control steps, rad/s³',
  'jerk max': 'its largest in any control step of any rollout',
  steps: 'control steps until success, mean of the successes',
  decides:
    'number of the plan from which on all show the way that was taken, mean of the rollouts that took one',
};

/** Columns that say something of some contender. */
export function contenderTable(
  plan: ExperimentPlan,
  { contenders }: ExperimentReport,
): TableColumn[] {
  const [{ measures: first }] = contenders;
  const modes = Object.keys(first.modes).join('/');
  const heads = [
    ...[...CONTENDER_HEADS, 'success', '95 %', 'letters', ...measureHeads(modes)],
    ...['KL', 'seam', ...SMOOTHNESS_HEADS, 'steps', 'decides'],
  ];
  const rows = contenders.map(({ contender, measures, letters }) => [
    ...contenderCells(contender),
    ...[percent(measures.success.rate), range(measures.success.ci95), letters ?? '–'],
    ...measureCells(measures, plan.rollouts > plan.starts),
    measures.klToDemos?.toFixed(2) ?? '–',
    measures.seamJump.toFixed(3),
    ...smoothnessCells(measures),
    orDash(measures.stepsToSuccess && Math.round(measures.stepsToSuccess)),
    measures.plansToDecision?.toFixed(1) ?? '–',
  ]);
  return heads
    .map((head, k) => ({
      head,
      meaning: MEANINGS[head] ?? 'successes by the way they took',
      cells: rows.map((row) => row[k]),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== '–'));
}
