import { type ExperimentPlan, experimentId } from '../../../server/experiments/plan.ts';
import { folded, numbersTable, section } from '../figure.ts';
import type { Markup } from '../markup.ts';

/** What decides every number, so that anyone can say whether theirs are the same. */
export function madeSection(plan: ExperimentPlan, engine: string): Markup {
  const { code, physics, batch, task, seed, rollouts, starts, contenders } = plan;
  return section(
    'made',
    'How it was made',
    numbersTable('made-table', {
      caption: 'What decides every number',
      heads: ['what', 'which'],
      rows: [
        ['experiment', experimentId(plan)],
        ['version', `${code.version}, code ${code.digest}`],
        ['physics', `${physics.package} ${physics.version}`],
        ['engine', `${engine}, ${batch} rollouts advance together`],
        ['task and grid', `${task}, seed ${seed}, ${rollouts} rollouts from ${starts} starts`],
      ],
    }),
    folded(
      'Digests of the policies',
      numbersTable('digests', {
        caption: 'Policies by the SHA-256 of their weights',
        heads: ['policy', 'digest'],
        rows: [
          ...new Map(
            contenders.map(({ name, source, digest }) => [JSON.stringify(source), [name, digest]]),
          ).values(),
        ],
      }),
    ),
  );
}
