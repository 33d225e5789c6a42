import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type {
  ErrorReport,
  Lane,
  LaneCounts,
  LaneInfo,
  StageCommand,
  StageEpisode,
} from '../../../server/protocol/index.ts';
import { runOf } from '../../../server/protocol/sources.ts';
import { LANES, type LaneId, type PerLane, perLane, sameChoice } from '../../shared/lanes/lanes.ts';
import { type Settings, stageRequest } from '../../shared/lanes/settings.ts';
import { type Connection, reportOf } from '../../shared/link/connection.ts';
import { modesOf } from '../../shared/tasks/modes.ts';
import type { StageTask } from '../../shared/tasks/stage-tasks.ts';
import {
  type Acting,
  type ActingEvent,
  BEFORE_THE_FIRST,
  nextActing,
  type Refusal,
  refusedChoice,
} from './acting.ts';
import { createMeasurements, type PlanTime } from './measurements.ts';
import type { Player } from './playback/player.ts';
import { Track } from './playback/track.ts';
import { createStageLink } from './stage-link.ts';
import type { Tally } from './tally.ts';

export interface Session {
  /** Settings are on their way to becoming an episode. */
  readonly pending: ReadonlySignal<boolean>;
  /** The newest moment is shown, and playback runs. */
  readonly live: ReadonlySignal<boolean>;
  /** Number of the episode that is shown, or of the one that has been asked for since. */
  readonly shownEpisode: ReadonlySignal<number>;
  /** Why there is no stage at all. */
  readonly error: ReadonlySignal<ErrorReport | null>;
  /** Why a lane is not on the stage. */
  readonly laneErrors: ReadonlySignal<PerLane<ErrorReport | null>>;
  /** What was chosen last for a lane and refused: it is as it was before. */
  readonly refusals: ReadonlySignal<PerLane<Refusal | null>>;
  /** Why the policy of a lane, which is asked elsewhere, has no plan in the episode shown. */
  readonly troubles: ReadonlySignal<PerLane<string | null>>;
  /** Why an instruction was refused: the stage keeps running as it was. */
  readonly instructionError: ReadonlySignal<ErrorReport | null>;
  readonly lanes: ReadonlySignal<readonly LaneId[]>;
  readonly planTimes: ReadonlySignal<readonly PlanTime[]>;
  /** Outcomes by action horizon, of all that was tried with these policies. */
  readonly tally: ReadonlySignal<Tally>;
  /** What a lane of the episode shown is; null before it is known, or where another was chosen. */
  info(lane: LaneId): LaneInfo | null;
  /** Outcomes as they were when the episode shown began; null likewise. */
  counts(lane: LaneId): LaneCounts | null;
  /** It waits for its policy, or with all others for what they share. */
  preparing(lane: LaneId): boolean;
  /** Shows another task, with who acted in it last. */
  play(task: StageTask): void;
  /** Lets another policy act in a lane, or the same one drawn otherwise; others follow its rate. */
  choose(lane: LaneId, choice: Lane): void;
  /** The reader has seen why a choice was refused. */
  forgive(lane: LaneId): void;
  /** Restarts with the current settings. */
  restart(): void;
  /** Restarts at another start. */
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
  /** Who acts on a first visit of the task. */
  readonly first: ReadonlySignal<PerLane<Lane | null>>;
  /** Who acts in all lanes when a choice is made for one. */
  chosen(lane: LaneId, choice: Lane): PerLane<Lane | null>;
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
  first,
  chosen,
  held,
  onRunRefused,
}: SessionOptions): Session {
  const link = createStageLink(connection);
  const measurements = createMeasurements();
  const revision = signal(0);
  const state = signal<Acting>(BEFORE_THE_FIRST);
  const troubles = signal<PerLane<string | null>>(perLane(() => null));
  const of = <K extends keyof Acting>(key: K) => computed(() => state.value[key]);
  const [missing, pending, error] = [of('missing'), of('pending'), of('error')];
  const acting = of('acting');
  // With another choice it is another matter.
  const laneErrors = computed(() =>
    perLane((lane) => {
      const problem = missing.value[lane];
      return problem && sameChoice(problem.choice, settings.lanes[lane].value) ? problem : null;
    }),
  );
  const lanes = computed(() =>
    LANES.filter((lane) => laneErrors.value[lane] === null && settings.lanes[lane].value !== null),
  );
  const streaming = computed(() => player.following.value && !held.value && lanes.value.length > 0);

  /** To a moment that is waited for the stage may hurry; elsewhere the page shows all there is. */
  const playing = computed((): Extract<StageCommand, { kind: 'play' }> => {
    const step = player.stop.value;
    const play = { kind: 'play', playing: streaming.value } as const;
    if (typeof step !== 'number') return play;
    const { request } = state.value;
    return { ...play, until: { request, episode: settings.episode.value, step } };
  });

  /** Who acts now: choices are settings, which an address may set as well. */
  function current(): Acting {
    return { ...state.peek(), choices: perLane((lane) => settings.lanes[lane].peek()) };
  }
  function dispatch(event: ActingEvent): void {
    batch(() => {
      state.value = nextActing(current(), event);
      const { choices } = state.peek();
      for (const lane of LANES) settings.lanes[lane].value = choices[lane];
    });
  }

  let task = settings.task.peek();
  effect(() => {
    if (task === settings.task.value) return;
    task = settings.task.value;
    batch(() => {
      dispatch({ kind: 'other-task' });
      player.clear();
    });
  });
  // As soon as there is somebody.
  effect(() => {
    for (const lane of LANES) settings.lanes[lane].value ??= first.value[lane];
  });
  effect(() => {
    revision.value;
    const active = lanes.value;
    if (!link.online()) return;
    dispatch({ kind: 'sent', lanes: active });
    if (active.length === 0) return;
    const wanted = { ...stageRequest(settings, active), request: state.peek().request };
    const { until } = playing.peek();
    link.ask({ kind: 'set', settings: wanted, until }).then(
      // A stage that is new to the server plays until it is told otherwise.
      () => link.tell(playing.peek()),
      (cause: unknown) => dispatch({ kind: 'unsent', error: reportOf(cause) }),
    );
  });
  effect(() => link.tell(playing.value));
  effect(() => link.tell({ kind: 'speed', speed: settings.speed.value }));
  effect(() => link.tell({ kind: 'attention', attention: settings.attention.value }));
  // What was counted and timed says nothing of other policies or samplers.
  for (const lane of LANES) {
    effect(() => {
      settings.lanes[lane].value;
      measurements.forget(lane);
      // What others did would be shown under the name of who acts now.
      untracked(() => {
        // Where it is on its way to a moment already, it goes on.
        if (!player.following.value) player.live();
      });
    });
  }
  // An episode of other settings is not one of those that the page says are set.
  effect(() => {
    settings.seed.value;
    settings.actionHorizon.value;
    settings.objects.value;
    settings.instruction.value;
    settings.chunking.value;
    untracked(() => {
      if (player.mode.value === 'replay') player.live();
    });
  });
  effect(() => {
    settings.chunking.value;
    measurements.clearTimes();
  });
  effect(() => {
    settings.task.value;
    settings.chunking.value;
    settings.objects.value;
    settings.instruction.value;
    measurements.clearCounts();
  });

  const modes = (episodeId: number) => {
    const shown = player.current?.info;
    return shown?.id === episodeId ? modesOf(shown.task).length : Number.POSITIVE_INFINITY;
  };
  link.hear(modes, {
    episode(episode) {
      // Of settings that have been overtaken.
      if (episode.request !== state.peek().request) return;
      batch(() => {
        dispatch({ kind: 'episode', request: episode.request });
        settings.episode.value = episode.episode;
        const { asked } = state.peek();
        player.begin(new Track(episode, asked));
        troubles.value = perLane(() => null);
        measurements.report(episode, asked);
      });
    },
    frame: (frame) => player.addFrame(frame),
    fan(fan) {
      const track = player.current;
      if (!track || !player.addFan(fan)) return;
      const lane = track.lanes[fan.lane];
      // Of what is on its way out nothing is counted.
      if (pending.peek() || told(lane, () => true) === null) return;
      const { step, milliseconds } = fan;
      const { episode, controlHz } = track.info;
      measurements.timed({ lane, episode, step, milliseconds, period: 1000 / controlHz });
    },
    trouble({ episodeId, lane: place, message }) {
      const track = player.current;
      const lane = track?.info.id === episodeId ? track.lanes[place] : undefined;
      if (lane) troubles.value = { ...troubles.value, [lane]: message };
    },
    unreadable: (error) => dispatch({ kind: 'unreadable', error }),
    problem(problem) {
      batch(() => {
        const { code, message } = problem;
        const refused = refusedChoice(current(), problem, first.peek())?.choice;
        const run = refused && runOf(refused.policy);
        if (run) onRunRefused(run, { code, message });
        dispatch({ kind: 'problem', problem, first: first.peek() });
      });
    },
  });

  /** What was told of a lane, where it is of what was chosen for it. */
  function told<T>(lane: LaneId, pick: (episode: StageEpisode, place: number) => T): T | null {
    const track = player.track.value;
    const place = track?.lanes.indexOf(lane) ?? -1;
    if (!track || place < 0) return null;
    const acts = acting.value[lane];
    const same = acts !== null && sameChoice(acts, settings.lanes[lane].value);
    return same ? pick(track.info, place) : null;
  }

  return {
    pending,
    live: computed(
      () => streaming.value && link.online() && error.value === null && player.track.value !== null,
    ),
    shownEpisode: computed(() => {
      const shown = pending.value ? null : player.track.value;
      return shown?.info.episode ?? settings.episode.value;
    }),
    error,
    laneErrors,
    refusals: of('refusals'),
    troubles,
    instructionError: of('instructionError'),
    lanes,
    planTimes: measurements.planTimes,
    tally: measurements.tally,
    info: (lane) => told(lane, ({ lanes }, place) => lanes[place]),
    counts: (lane) => told(lane, ({ counts }, place) => counts[place]),
    preparing(lane) {
      const waiting = (each: LaneId) => told(each, () => true) === null;
      const someone = settings.lanes[lane].value !== null;
      return someone && pending.value && (waiting(lane) || !lanes.value.some(waiting));
    },
    play(next) {
      if (next === settings.task.value) return;
      batch(() => {
        dispatch({ kind: 'play', from: settings.task.value, to: next, first: first.value });
        settings.task.value = next;
        settings.objects.value = null;
        settings.instruction.value = null;
        settings.choices.value++;
      });
    },
    choose(lane, choice) {
      batch(() => {
        if (sameChoice(settings.lanes[lane].value, choice)) {
          dispatch({ kind: 'forgive', lane });
          return;
        }
        const all = chosen(lane, choice);
        // Another rate: so many control steps are another time.
        const others = LANES.some(
          (each) => each !== lane && !sameChoice(settings.lanes[each].value, all[each]),
        );
        if (others) settings.actionHorizon.value = null;
        dispatch({ kind: 'choose', lane, all });
        settings.choices.value++;
      });
    },
    forgive(lane) {
      dispatch({ kind: 'forgive', lane });
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
      dispatch({ kind: 'retry', lane });
    },
    next() {
      link.tell({ kind: 'next' });
    },
  };
}
