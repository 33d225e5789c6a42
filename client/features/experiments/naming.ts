/** What experiments and their contenders are called. */
import type { ContenderTitle, ExperimentEntry } from '../../../server/protocol/index.ts';
import { STAGE_TASKS } from '../../shared/tasks/stage-tasks.ts';
import { t } from '../../texts.ts';
import { detailsOf, nameOf } from '../compare/result-names.ts';
import { x } from './texts.ts';

/** Policies that the name of an experiment lists. */
const MOST_NAMED = 4;

/** As a person named it; one of the page by its policies, any other by its directory. */
export function titleOf(entry: Pick<ExperimentEntry, 'name' | 'title' | 'first'>): string {
  if (entry.title !== null) return entry.title;
  if (!/^compare-[0-9a-f]{8}$/.test(entry.name)) return entry.name;
  const names = [...new Set(entry.first.map(nameOf))];
  const more = names.length > MOST_NAMED ? ' …' : '';
  return `${names.slice(0, MOST_NAMED).join(` ${x.value.against} `)}${more}`;
}

/** "4f2a · Heun · 9 · real-time d 4". */
export function drawnHow(contender: ContenderTitle): string {
  const { chunking } = contender;
  const late = chunking && `${chunking.scheme} d ${chunking.delay}`;
  return [detailsOf(contender), late].filter(Boolean).join(' · ');
}

/** In one line: "Flow (Euler · 4, Ta 20), mass=4". */
export function lineOf(contender: ContenderTitle): string {
  const how = [drawnHow(contender), x.value.horizon(contender.actionHorizon)]
    .filter(Boolean)
    .join(', ');
  const otherwise = contender.perturbation === null ? '' : `, ${contender.perturbation}`;
  return `${nameOf(contender)} (${how})${otherwise}`;
}

/** A task as the page calls it, whatever an experiment's is. */
export function taskTitle(task: string): string {
  const known = STAGE_TASKS.find((name) => name === task);
  return known ? t.value.task.title[known] : task;
}
