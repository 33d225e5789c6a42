import { useStores } from '../stores.ts';
import type { LaneId } from './lanes.ts';
import { drawingText, hasTwin, shortNameOf } from './role-text.ts';

/**
 * Who acts in a lane, as a row or column is headed. How it is drawn is said where it is not the
 * usual way, or where the same policy acts in another lane as well.
 */
export function LaneName({ lane, full = false }: { lane: LaneId; full?: boolean }) {
  const { cast } = useStores();
  const role = cast.of(lane);
  const { choice, name, run } = role;
  const unlike = choice?.sampler !== undefined || choice?.eta !== undefined || hasTwin(lane, cast);
  const drawn = full || unlike ? drawingText(role) : null;
  const details = [run?.slice(-4), drawn].filter((each) => each != null);
  return (
    <span class={`lane-name ${name ?? ''}`}>
      {shortNameOf(role)}
      {details.length > 0 && <small>{details.join(' · ')}</small>}
    </span>
  );
}
