import { AXES, type Axis, placesOn, varyingAxes } from '../../../server/experiments/axes.ts';
import type { Contender, ExperimentPlan } from '../../../server/experiments/plan.ts';
import type { ExperimentReport } from '../../../server/experiments/report.ts';
import { findTask, UNPERTURBED } from '../../../sim/index.ts';
import { percent, range } from '../../table.ts';
import { folded, numbersTable, paragraph, section } from '../figure.ts';
import type { Markup } from '../markup.ts';
import { AXIS_TEXTS, nameOf } from '../settings.ts';

/** The question of a plan, in sentences. */
export function questionOf(plan: ExperimentPlan, { groups }: ExperimentReport): string[] {
  const { contenders, rollouts, starts, seed, instruction, task, leftOut } = plan;
  const policies = [...new Set(groups.map(({ policy }) => policy))];
  const varying = new Set(varyingAxes(contenders));
  const crossed = AXES.filter((axis) => varying.has(axis)).map((axis) =>
    `${nameOf(axis)} ${sayPlaces(axis, contenders)}`.trim(),
  );
  const fixed = AXES.filter((axis) => !varying.has(axis)).flatMap((axis) =>
    placesOn(axis, contenders).map((place) => `${AXIS_TEXTS[axis].short} ${place}`.trim()),
  );
  const count = contenders.length;
  const each = rollouts / starts;
  const noises =
    rollouts === starts
      ? 'one noise'
      : `${Number.isInteger(each) ? '' : 'about '}${Math.round(each)} noises`;
  return [
    `${findTask(task).title}: ${findTask(task).instruction}`,
    `Of ${count} ${count === 1 ? 'contender' : 'contenders'}, which succeed how often, and in how many ways? ` +
      `${policies.length === 1 ? 'The policy' : 'The policies'} ${policies.join(', ')}` +
      `${crossed.length > 0 ? `, crossed with ${crossed.join('; ')}` : ''}` +
      `${fixed.length > 0 ? `; all with ${fixed.join(', ')}` : ''}.`,
    `Each contender has the same ${rollouts} rollouts: ${starts} ${starts === 1 ? 'start' : 'starts'} with ` +
      `${noises} each, seed ${seed}. No start is one of training.` +
      `${instruction === null ? '' : ` All are told “${instruction}”.`}`,
    ...(leftOut.length > 0
      ? [
          `${leftOut.length} further combinations do not take part: a policy cannot do them, or they are ` +
            'another one by another name.',
        ]
      : []),
  ];
}

/** The control of perturbations is a place of theirs. */
function sayPlaces(axis: Axis, contenders: readonly Contender[]): string {
  const places = placesOn(axis, contenders);
  return (axis === 'perturbation' ? [UNPERTURBED, ...places] : places).join(', ');
}

export function askedSection(plan: ExperimentPlan, report: ExperimentReport): Markup {
  return section(
    'asked',
    'What was asked',
    ...questionOf(plan, report).map((sentence) => paragraph(sentence)),
    plan.leftOut.length > 0 &&
      folded(
        'What was left out, and why',
        numbersTable('left-out', {
          caption: 'Combinations that do not take part',
          heads: ['combination', 'reason'],
          rows: plan.leftOut.map(({ combination, reason }) => [combination, reason]),
        }),
      ),
  );
}

/** With fewer starts even outcomes that are all alike leave many pairs open. */
const FEW_STARTS = 50;
/** Contenders that are named where several are not told from the best. */
const MOST_NAMED = 6;

/** What came of it, in sentences. */
export function answersOf({ contenders, pairs }: ExperimentReport): string[] {
  const [best] = [...contenders].sort((a, b) => b.measures.success.rate - a.measures.success.rate);
  const { success } = best.measures;
  const sentences = [
    `Most successes: ${best.name}, ${percent(success.rate)} (95 %: ${range(success.ci95)}), ` +
      `${success.k} of ${success.n}.`,
  ];
  if (pairs.length === 0) return sentences;
  const a = new Set(best.letters?.match(LETTER) ?? []);
  const rivals = contenders.filter(
    (each) => each !== best && (each.letters?.match(LETTER) ?? []).some((letter) => a.has(letter)),
  );
  const named = rivals.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = rivals.length - named.length;
  sentences.push(
    rivals.length === 0
      ? 'It is told apart from all others.'
      : `Not told apart from it: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
  );
  const open = pairs.filter(({ judged }) => judged?.verdict === 'open').length;
  const same = pairs.filter(({ judged }) => judged?.verdict === 'same').length;
  const few = open > 0 && pairs[0].judged && pairs[0].judged.starts <= FEW_STARTS;
  sentences.push(
    `Of ${pairs.length} ${pairs.length === 1 ? 'pair' : 'pairs'} ${pairs.length - open - same} are told apart` +
      `${same > 0 ? `, ${same} are the same within δ` : ''}, ${open} cannot be told yet. With ` +
      'probability 95 % or more all differences claimed are real.' +
      (few
        ? ` What is shared by a start counts once, and there are ${pairs[0].judged?.starts ?? 0} starts: more ` +
          'of them (--starts) tell more apart than more noises do.'
        : ''),
  );
  return sentences;
}

const LETTER = /\(\d+\)|[a-zA-Z]/g;
