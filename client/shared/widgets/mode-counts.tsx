import { Fragment } from 'preact';
import { t } from '../../texts.ts';
import { modesOf } from '../tasks/modes.ts';
import { SplitBar } from './bars.tsx';

/** How often each mode was shown, by its name. */
type Counts = Readonly<Record<string, number>>;

/** "12 | 13", each count in the colour of its mode. */
export function ModeCounts({
  task,
  counts,
  testid,
}: {
  task: string;
  counts: Counts;
  /** Prefix of the ids of the counts. */
  testid?: string;
}) {
  return (
    <>
      {modesOf(task).map(({ name, colour }, i) => (
        <Fragment key={name}>
          {i > 0 && <span class="count-of"> | </span>}
          <span style={{ color: colour }} data-testid={testid && `${testid}-${name}`}>
            {counts[name] ?? 0}
          </span>
        </Fragment>
      ))}
    </>
  );
}

/** The same as shares of a bar, with those that showed no mode. */
export function ModeBar({
  task,
  counts,
  unlabelled = 0,
}: {
  task: string;
  counts: Counts;
  unlabelled?: number;
}) {
  return (
    <SplitBar
      label={modeCountsText(task, counts)}
      parts={[
        ...modesOf(task).map(({ name, colour }) => {
          return { kind: name, colour, count: counts[name] ?? 0 };
        }),
        { kind: 'none', count: unlabelled },
      ]}
    />
  );
}

/** "12 left, 13 right". */
export function modeCountsText(task: string, counts: Counts): string {
  return t.value.demos.modes(modesOf(task).map(({ name, text }) => [text, counts[name] ?? 0]));
}

/** "left | right": what the counts are of. */
export function modeTitles(task: string): string {
  return modesOf(task)
    .map(({ text }) => text)
    .join(' | ');
}
