import type { DatasetSummary, EpisodeSummary } from '../../../server/protocol/index.ts';
import { EditBar } from './edit-bar.tsx';
import { Inspector } from './inspector.tsx';
import './look.css';

export interface LookProps {
  readonly dataset: DatasetSummary;
  readonly episodes: readonly EpisodeSummary[];
}

/** The dataset that is opened: looked at, and changed. */
export function Look({ dataset, episodes }: LookProps) {
  return (
    <>
      <Inspector episodes={episodes} />
      <EditBar dataset={dataset} episodes={episodes} />
    </>
  );
}
