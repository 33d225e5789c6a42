import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { toFloats, unpackFan, unpackFrame } from '../../server/protocol/frames.ts';
import type {
  ErrorReport,
  LaneCounts,
  LaneInfo,
  StageEpisode,
} from '../../server/protocol/index.ts';
import { LANES, type LaneId, type PerLane, perLane, sameSource } from '../lanes.ts';
import type { Player } from '../playback/player.ts';
import { Track } from '../playback/track.ts';
import { type Connection, reportOf } from './connection.ts';
import { type Settings, shippedSource, stageRequest } from './settings.ts';
import { laneInError } from './stage-error.ts';
import { ExperimentLog, type Tally } from './tally.ts';

/** One inference as the latency panel shows it. */
export interface PlanTime {
  readonly lane: LaneId;
  readonly milliseconds: number;
  readonly nfe: number;
  /** Ta in force. */
  readonly actionHorizon: number;
  /** Order of arrival. */
  readonly number: number;
}

const KEPT_PLAN_TIMES = 240;

export interface Session {
  /** Settings are on their way to becoming an episode. */
  readonly pending: ReadonlySignal<boolean>;
  /** Why there is no stage at all. */
  readonly error: ReadonlySignal<ErrorReport | null>;
  /** Why a lane is not on the stage. */
  readonly laneErrors: ReadonlySignal<PerLane<ErrorReport | null>>;
  readonly lanes: ReadonlySignal<readonly LaneId[]>;
  readonly planTimes: ReadonlySignal<readonly PlanTime[]>;
  /** Outcomes by action horizon, of all that was tried with these policies. */
  readonly tally: ReadonlySignal<Tally>;
  /** What a lane of the episode shown is; null before it is known. */
  info(lane: LaneId): LaneInfo | null;
  /** Outcomes as they were when the episode shown began. */
  counts(lane: LaneId): LaneCounts | null;
  /** Begins anew with the settings as they are. */
  restart(): void;
  /** Begins anew at another start. */
  goTo(start: { readonly seed: number; readonly episode: number }): void;
  /** Tries a lane that had an error again. */
  retry(lane: LaneId): void;
  /** Ends this episode and begins the next. */
  next(): void;
}

export interface SessionOptions {
  readonly connection: Connection;
  readonly settings: Settings;
  readonly player: Player;
  /** Something else has the page's attention: the stage holds still. */
  readonly held: ReadonlySignal<boolean>;
  /** A run could not be shown; its lane is as before. */
  onRunRefused(run: string, error: ErrorReport): void;
}

/** The live stage: sends the settings, takes in what happens, and keeps both in step. */
export function createSession({
  connection,
  settings,
  player,
  held,
  onRunRefused,
}: SessionOptions): Session {
  const { socket } = connection;
  const revision = signal(0);
  const pending = signal(true);
  const error = signal<ErrorReport | null>(null);
  const laneErrors = signal<PerLane<ErrorReport | null>>(perLane(() => null));
  const lanes = computed(() => LANES.filter((lane) => laneErrors.value[lane] === null));
  const planTimes = signal<readonly PlanTime[]>([]);
  const tally = signal<Tally>(new Map());
  const log = new ExperimentLog();
  let lastPlan = 0;
  /** The settings sent last make no stage: what goes on is the one before them. */
  let refused = false;
  /** Of each lane, the source that last made it to the stage. */
  const shown: Record<LaneId, typeof settings.sources.l2.value> = {
    l2: shippedSource('l2'),
    diffusion: shippedSource('diffusion'),
    flow: shippedSource('flow'),
  };

  const online = () => connection.status.value === 'online';
  const shrug = () => undefined;
  const streaming = computed(
    () => player.mode.value === 'live' && player.playing.value && !held.value,
  );
  const play = (playing: boolean) => {
    connection.request('stage:play', { playing }).catch(shrug);
  };

  effect(() => {
    revision.value;
    const active = lanes.value;
    if (!online() || active.length === 0) return;
    const request = stageRequest(settings, active);
    refused = false;
    batch(() => {
      pending.value = true;
      error.value = null;
    });
    connection.request('stage:set', request).then(
      // A stage that is new to the server plays until it is told otherwise.
      () => play(streaming.peek()),
      (cause: unknown) => {
        error.value = reportOf(cause);
        pending.value = false;
      },
    );
  });
  effect(() => {
    const playing = streaming.value;
    if (online()) play(playing);
  });
  effect(() => {
    const speed = settings.speed.value;
    if (online()) connection.request('stage:speed', { speed }).catch(shrug);
  });
  // What was counted says nothing of other policies or samplers.
  effect(() => {
    for (const lane of LANES) {
      settings.sources[lane].value;
      settings.nfe[lane].value;
    }
    settings.object.value;
    log.clear();
    tally.value = log.tally();
  });

  function laneOf(source: LaneInfo['source']): LaneId | null {
    return LANES.find((lane) => sameSource(settings.sources[lane].value, source)) ?? null;
  }

  socket.on('stage:episode', (episode: StageEpisode) => {
    const here = episode.lanes.map(({ source }) => laneOf(source));
    const known = here.filter((lane) => lane !== null);
    // Settings that have been overtaken.
    if (known.length !== here.length || episode.seed !== settings.seed.value) return;
    batch(() => {
      pending.value = false;
      if (!refused) error.value = null;
      settings.episode.value = episode.episode;
      known.forEach((lane, i) => {
        shown[lane] = episode.lanes[i].source;
      });
      player.begin(new Track(episode, known));
      log.report(episode, Object.fromEntries(known.map((lane, i) => [lane, episode.counts[i]])));
      tally.value = log.tally();
    });
  });

  socket.on('stage:frame', (packed, received) => {
    received();
    const numbers = toFloats(packed);
    const frame = numbers && unpackFrame(numbers);
    if (frame) player.addFrame(frame);
  });

  socket.on('stage:fan', (packed, received) => {
    received();
    const numbers = toFloats(packed);
    const fan = numbers && unpackFan(numbers);
    const track = player.current;
    if (!fan || !track || !player.addFan(fan)) return;
    const time: PlanTime = {
      lane: track.lanes[fan.lane],
      milliseconds: fan.milliseconds,
      nfe: fan.nfe,
      actionHorizon: track.info.actionHorizon,
      number: lastPlan++,
    };
    planTimes.value = [...planTimes.value.slice(1 - KEPT_PLAN_TIMES), time];
  });

  socket.on('stage:error', (report) => {
    const sources = perLane((lane) => settings.sources[lane].value);
    const lane = laneInError(report, sources, shown);
    batch(() => {
      pending.value = false;
      if (lane === null) {
        error.value = report;
        refused = report.code === 'invalid-request';
        return;
      }
      const source = sources[lane];
      if (source.kind === 'run') {
        onRunRefused(source.id, report);
        settings.sources[lane].value =
          shown[lane].kind === 'run' && sameSource(shown[lane], source)
            ? shippedSource(lane)
            : shown[lane];
      } else laneErrors.value = { ...laneErrors.value, [lane]: report };
    });
  });

  return {
    pending,
    error,
    laneErrors,
    lanes,
    planTimes,
    tally,
    info(lane) {
      const track = player.track.value;
      return track?.info.lanes[track.lanes.indexOf(lane)] ?? null;
    },
    counts(lane) {
      const track = player.track.value;
      return track?.info.counts[track.lanes.indexOf(lane)] ?? null;
    },
    restart() {
      revision.value++;
    },
    goTo({ seed, episode }) {
      // Together: each of them alone begins a stage.
      batch(() => {
        settings.seed.value = seed;
        settings.episode.value = episode;
        revision.value++;
      });
    },
    retry(lane) {
      laneErrors.value = { ...laneErrors.value, [lane]: null };
    },
    next() {
      if (online()) connection.request('stage:next', {}).catch(shrug);
    },
  };
}
