import type { Signal } from '@preact/signals';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { LANES } from '../../shared/lanes/lanes.ts';
import { boundsOf } from '../../shared/tasks/placing.ts';
import { taskOf } from '../../shared/tasks/stage-tasks.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';
import type { Expected } from './expected.ts';
import { FIELDS, type Ignored } from './read-url.ts';

/** So many are named, and so much of each is shown. */
const NAMED = 5;
const LONGEST = 40;

/** Which parts of the address were not believed, and what stands instead; until it is dismissed. */
export function LinkNotes({ ignored }: { ignored: Signal<readonly Ignored[]> }) {
  const all = ignored.value;
  if (all.length === 0) return null;
  const text = t.value.link;
  return (
    <section class="link-notes" role="alert" data-testid="link-notes">
      <Icon name="alert" size={18} />
      <div>
        <h2>{text.title}</h2>
        <ul>
          {all.slice(0, NAMED).map((each, i) => (
            <li key={`${i} ${each.field}`}>{noteOf(each)}</li>
          ))}
          {all.length > NAMED && <li>{text.more(all.length - NAMED)}</li>}
        </ul>
      </div>
      <button
        type="button"
        class="bare"
        title={text.dismiss}
        aria-label={text.dismiss}
        data-testid="link-notes-dismiss"
        onClick={() => {
          ignored.value = [];
        }}
      >
        <Icon name="close" size={18} />
      </button>
    </section>
  );
}

function noteOf({ field, lane, got, expected, stands }: Ignored): string {
  const name = shorten(field);
  const where = lane === null ? name : `${name} (${t.value.chooser.view(Number(lane))})`;
  return t.value.link.ignored(where, shorten(got), expectedText(expected), stands);
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function expectedText(expected: Expected): string {
  const text = t.value.link.expected;
  switch (expected.kind) {
    case 'whole':
      return text.whole(expected.low, expected.high);
    case 'oneOf':
      return text.oneOf(expected.values.join(', '));
    case 'field':
      return text.field(FIELDS.join(', '));
    case 'views':
      return text.views(LANES.length);
    case 'sampler':
      return text.sampler(expected.policy);
    case 'ended':
      return text.ended(expected.last);
    case 'guidance':
      return text.guidance(LIMITS.guidance);
    case 'text':
      return text.text(LIMITS.instruction);
    case 'places': {
      const { placing, objectNames } = taskOf(expected.task);
      const { x, y } = boundsOf(placing);
      const range = ([low, high]: readonly [number, number]) => `${low} … ${high}`;
      return text.places(objectNames.length, range(x), range(y), String(placing.apart));
    }
    default:
      return text[expected.kind];
  }
}
