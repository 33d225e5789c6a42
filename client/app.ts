import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import {
  type Comparing,
  type ComparisonMemory,
  createComparing,
} from './features/compare/comparing.ts';
import { createDatasets, type Datasets } from './features/demos/datasets.ts';
import { createViewer, type Viewer } from './features/demos/viewer.ts';
import { NOTHING_UNREAD, type Unread, unreadOf } from './features/explain/unread.ts';
import type { RecordStore } from './features/record/record-store.ts';
import { createRecordStore } from './features/record/recording.ts';
import { createRuns, type Runs } from './features/train/runs.ts';
import { createTraining, type Training } from './features/train/training.ts';
import { Player } from './features/watch/playback/player.ts';
import { createSession, type Session } from './features/watch/session.ts';
import { type Cast, createCast } from './shared/lanes/cast.ts';
import { createOffers, type Offers } from './shared/lanes/offers.ts';
import { createSettings, type Settings } from './shared/lanes/settings.ts';
import { type Action, createAction } from './shared/link/action.ts';
import { type ClientSocket, type Connection, createConnection } from './shared/link/connection.ts';
import { createJobs, type Jobs } from './shared/link/jobs.ts';
import type { UrlState } from './shell/address/url.ts';
import { applyUrl } from './shell/address/url-state.ts';
import { createView, type View } from './shell/view.ts';

/** All stores of the page; none of them knows of the DOM. */
export interface App {
  readonly connection: Connection;
  readonly settings: Settings;
  readonly view: View;
  readonly player: Player;
  readonly session: Session;
  readonly offers: Offers;
  readonly cast: Cast;
  readonly jobs: Jobs;
  readonly datasets: Datasets;
  /** The demonstrations that are looked at. */
  readonly viewer: Viewer;
  readonly runs: Runs;
  readonly training: Training;
  readonly comparing: Comparing;
  readonly recording: RecordStore;
  /** What it has and did not list when it was asked last. */
  readonly unread: ReadonlySignal<Unread>;
  /** Asks the server what there is. */
  readonly hello: Action<[]>;
}

/** @param start what the address asks for */
export function createApp(socket: ClientSocket, start: UrlState, memory: ComparisonMemory): App {
  const settings = createSettings();
  const connection = createConnection(socket);
  const view = createView(connection.offers('record:save'));
  applyUrl(start, settings, view);
  const jobs = createJobs(connection);
  const datasets = createDatasets(connection);
  const viewer = createViewer({
    connection,
    datasets,
    // A narrow screen has no room for the panel beside the stage: closed, it leaves them there.
    open: computed(() => view.tab.value === 'demos' || view.tab.value === null),
    task: settings.task,
  });
  const runs = createRuns(connection);
  const offers = createOffers(runs);
  connection.socket.on('guests', (guests) => offers.replaceGuests(guests));
  const cast = createCast(settings, offers);
  const player = new Player(settings.speed);
  const session = createSession({
    connection,
    settings,
    player,
    first: cast.first,
    chosen: cast.chosen,
    held: computed(
      () =>
        view.hidden.value || view.dragging.value || view.recording.value || viewer.onStage.value,
    ),
    onRunRefused: (run, { message }) => {
      runs.stageErrors.value = new Map(runs.stageErrors.value).set(run, message);
    },
  });
  const unread = signal(NOTHING_UNREAD);
  const app: App = {
    connection,
    settings,
    view,
    player,
    session,
    offers,
    cast,
    jobs,
    datasets,
    viewer,
    runs,
    training: createTraining({ task: settings.task, datasets, jobs, runs, offers }),
    comparing: createComparing(connection, jobs, settings, memory),
    recording: createRecordStore({
      ...{ connection, task: settings.task, datasets: datasets.all },
      onBack: (goesOn) => {
        view.tab.value = null;
        if (goesOn) player.live();
      },
    }),
    unread,
    hello: createAction(async () => {
      const hello = await connection.request('hello', {});
      offers.replace(hello.shipped, hello.textEncoder);
      offers.replaceGuests(hello.guests ?? []);
      datasets.replace(hello.datasets, hello.sets);
      runs.replace(hello.runs);
      jobs.replace(hello.jobs);
      app.comparing.recall(hello.comparisons);
      unread.value = unreadOf(hello);
    }),
  };
  // Whoever comes back to an attempt finds it.
  effect(() => {
    const { taken } = app.recording;
    if (view.tab.value === 'record' && taken.value) view.takingOver.value = taken.value.lane;
  });
  // The lists may have changed while the connection was down.
  effect(() => {
    if (connection.status.value === 'online') untracked(() => void app.hello.run());
  });
  return app;
}

const AppContext = createContext<App | null>(null);
export const AppProvider = AppContext.Provider;

/** The stores, within a component. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('useApp: expected an AppProvider above');
  return app;
}
