import type { ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Lane, StageEpisode } from '../../server/protocol/index.ts';
import type { Cast } from './lanes/cast.ts';
import type { LaneId } from './lanes/lanes.ts';
import type { Settings } from './lanes/settings.ts';
import type { Action } from './link/action.ts';
import type { Jobs } from './link/jobs.ts';

/** What the views that several features use read of the page's stores. */
export interface Stores {
  readonly settings: Settings;
  readonly cast: Cast;
  readonly jobs: Jobs;
  /** Asks the server what there is. */
  readonly hello: Action<[]>;
  readonly player: {
    /** The episode that is shown; null before the first. */
    readonly track: ReadonlySignal<{ readonly info: StageEpisode } | null>;
  };
  readonly session: {
    /** Lets another policy act in a lane. */
    choose(lane: LaneId, choice: Lane): void;
  };
}

const StoresContext = createContext<Stores | null>(null);
export const StoresProvider = StoresContext.Provider;

/** The same, within a component. */
export function useStores(): Stores {
  const stores = useContext(StoresContext);
  if (!stores) throw new Error('useStores: expected a StoresProvider above');
  return stores;
}
