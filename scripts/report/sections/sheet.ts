import { linkTo } from '../../../server/experiments/link.ts';
import type { ExperimentPlan } from '../../../server/experiments/plan.ts';
import { contenderName } from '../../../server/experiments/plan.ts';
import { formatRollout } from '../../../server/experiments/rollout-name.ts';
import { findTask, modeNames, type Task } from '../../../sim/index.ts';
import { type Extent, extentOf, pathPicture } from '../charts/path-picture.ts';
import { paragraph, section } from '../figure.ts';
import { element, type Markup } from '../markup.ts';
import { sayOutcome } from '../outcome.ts';
import type { Pictured } from '../pictures.ts';

/** Where rollouts are replayed. */
export interface ReplayPlaces {
  /** Of the experiment, as it was named on the command line. */
  readonly directory: string;
  /** Address of a server's page. */
  readonly page: string;
}

/** Rollouts from above, failures first, each with what replays it. */
export function sheetSection(
  plan: ExperimentPlan,
  pictures: readonly Pictured[],
  places: ReplayPlaces,
): Markup | null {
  if (pictures.length === 0) return null;
  const task = findTask(plan.task);
  const proven = pictures.filter((each) => each.proven).length;
  const extent = extentOf(
    pictures.map(({ replayed }) => replayed),
    task.scene,
  );
  return section(
    'rollouts',
    'Rollouts from above',
    paragraph(
      `Each of these ${pictures.length} rollouts was rolled out again for this report: ` +
        (proven === pictures.length
          ? 'all ended in the recorded hash of all poses, so that each picture is of the very rollout that the ' +
            'numbers count.'
          : `${proven} ended in the recorded hash of all poses; the others, which are marked, did not: this ` +
            'machine or version computes something else.'),
    ),
    paragraph(
      'Failures come first: policies take turns, and of each its contenders, that with most failures first, in ' +
        'the order of the grid. Then of each policy a success each way, of its contender with most successes. The robot ' +
        'stands below; the dot is where the hand begins, the cross where a failure ends.',
    ),
    paragraph(
      'Each can be played again, to the bit: on the page of a server that runs (“forking-paths serve”), here expected at ',
      element('code', {}, places.page),
      '; or by the command, which takes the link as well. Both say whether it ends in the recorded hash.',
    ),
    key(task),
    element(
      'ol',
      { class: 'sheet' },
      pictures.map((each, k) => card(plan, task, each, { k, extent, places })),
    ),
  );
}

function key({ modes }: Task): Markup {
  return element(
    'ul',
    { class: 'legend ways' },
    modes.map(({ name }, i) => element('li', { class: `way${i % 4}` }, name)),
    element('li', { class: 'nowhere' }, 'none of these'),
  );
}

function card(
  plan: ExperimentPlan,
  task: Task,
  { contender, recorded, replayed, proven }: Pictured,
  { k, extent, places }: { k: number; extent: Extent; places: ReplayPlaces },
): Markup {
  const name = contenderName(plan.contenders[contender]);
  const place = modeNames(task).indexOf(recorded.mode ?? '');
  const outcome = sayOutcome(task, recorded, replayed.controlHz);
  const { start, noise } = recorded;
  const link = linkTo(places.page, plan, plan.contenders[contender], recorded, replayed.controlHz);
  return element(
    'li',
    { class: recorded.success ? null : 'failure' },
    element(
      'figure',
      {},
      pathPicture(
        {
          id: `rollout-${k}`,
          title: `${name}, start ${start}, noise ${noise}`,
          description: outcome,
        },
        {
          path: replayed.path,
          objects: replayed.objects,
          way: place < 0 ? null : place,
          success: recorded.success,
        },
        extent,
        task.scene,
      ),
      element(
        'figcaption',
        {},
        element('strong', {}, name),
        element('span', {}, `start ${start} · noise ${noise}`),
        element('span', { class: 'outcome' }, outcome),
        !proven &&
          element(
            'span',
            { class: 'unproven' },
            `not the recorded rollout: it ended in ${replayed.rollout.replayHash}, recorded is ` +
              `${recorded.replayHash}`,
          ),
        link && element('a', { href: link }, 'Play it on the page'),
        element(
          'code',
          { class: 'copied' },
          `forking-paths replay ${quoted(formatRollout({ directory: places.directory, contender, start, noise }))}`,
        ),
      ),
    ),
  );
}

/** As a word of a shell. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
