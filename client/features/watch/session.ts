import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { unpackFan, unpackFrame } from '../../../server/protocol/frames.ts';
import type {
  ErrorReport,
  Lane,
  LaneCounts,
  LaneInfo,
  RequestInput,
  StageEpisode,
} from '../../../server/protocol/index.ts';
import {
  LANES,
  type LaneId,
  type PerLane,
  perLane,
  sameChoice,
  sameSource,
} from '../../shared/lanes/lanes.ts';
import { type Settings, stageRequest } from '../../shared/lanes/settings.ts';
import { type Connection, reportOf } from '../../shared/link/connection.ts';
import type { StageTask } from '../../shared/tasks/stage-tasks.ts';
import { createMeasurements, type PlanTime } from './measurements.ts';
import type { Player } from './playback/player.ts';
import { Track } from './playback/track.ts';
import { readMessage } from './read-message.ts';
import { laneToBlame } from './stage-error.ts';
import type { Tally } from './tally.ts';

/** A choice that the stage could not take, and why. */
export interface Refusal extends ErrorReport {
  readonly choice: Lane;
}

export interface Session {
  /** Settings are on their way to becoming an episode. */
  readonly pending: ReadonlySignal<boolean>;
  /** What is shown is the newest there is, and goes on. */
  readonly live: ReadonlySignal<boolean>;
  /** Number of the episode that is shown, or of the one that has been asked for since. */
  readonly shownEpisode: ReadonlySignal<number>;
  /** Why there is no stage at all. */
  readonly error: ReadonlySignal<ErrorReport | null>;
  /** Why a lane is not on the stage. */
  readonly laneErrors: ReadonlySignal<PerLane<ErrorReport | null>>;
  /** What was chosen last for a lane and refused: it is as it was before. */
  readonly refusals: ReadonlySignal<PerLane<Refusal | null>>;
  /** Why what a person says cannot be said: the stage goes on as it was. */
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
  const { socket } = connection;
  const revision = signal(0);
  const pending = signal(true);
  const error = signal<ErrorReport | null>(null);
  const missing = signal<PerLane<Refusal | null>>(perLane(() => null));
  const refusals = signal<PerLane<Refusal | null>>(perLane(() => null));
  const instructionError = signal<ErrorReport | null>(null);
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
  const measurements = createMeasurements();
  /** The settings sent last make no stage: what goes on is the one before them. */
  let refused = false;
  /** Number of the settings sent last, and their lanes. */
  let request = 0;
  let asked: readonly LaneId[] = [];
  /** Of each lane of the last episode, the choice that acts in it. */
  const acting: Partial<Record<LaneId, Lane>> = {};
  /** Of each lane, the choice that last made it to the stage. */
  const shown: Partial<Record<LaneId, Lane>> = {};
  /** The choice to go back to. */
  const before = (lane: LaneId) => shown[lane] ?? first.peek()[lane];
  /** Who acted in tasks that were left. */
  const casts = new Map<StageTask, PerLane<Lane | null>>();

  const online = () => connection.status.value === 'online';
  const shrug = () => undefined;
  const streaming = computed(() => player.following.value && !held.value && lanes.value.length > 0);
  const tell = (command: RequestInput<'stage:command'>) =>
    connection.request('stage:command', command);
  const tellPlaying = (playing: boolean) => {
    tell({ kind: 'play', playing }).catch(shrug);
  };

  let task = settings.task.peek();
  effect(() => {
    if (task === settings.task.value) return;
    task = settings.task.value;
    for (const lane of LANES) {
      delete acting[lane];
      delete shown[lane];
    }
    batch(() => {
      missing.value = perLane(() => null);
      refusals.value = perLane(() => null);
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
    if (!online()) return;
    if (active.length === 0) {
      // What goes on is of other settings.
      request++;
      return;
    }
    const wanted = { ...stageRequest(settings, active), request: ++request };
    asked = active;
    refused = false;
    batch(() => {
      pending.value = true;
      error.value = null;
      instructionError.value = null;
    });
    tell({ kind: 'set', settings: wanted }).then(
      // A stage that is new to the server plays until it is told otherwise.
      () => tellPlaying(streaming.peek()),
      (cause: unknown) => {
        error.value = reportOf(cause);
        pending.value = false;
      },
    );
  });
  effect(() => {
    const playing = streaming.value;
    if (online()) tellPlaying(playing);
  });
  effect(() => {
    const speed = settings.speed.value;
    if (online()) tell({ kind: 'speed', speed }).catch(shrug);
  });
  effect(() => {
    const attention = settings.attention.value;
    if (online()) tell({ kind: 'attention', attention }).catch(shrug);
  });
  // What was counted and timed says nothing of other policies or samplers.
  for (const lane of LANES) {
    effect(() => {
      settings.lanes[lane].value;
      measurements.forget(lane);
      // What others did would be shown under the name of who acts now.
      untracked(() => player.live());
    });
  }
  // An episode of other settings is not one of those that the page says are set.
  effect(() => {
    settings.seed.value;
    settings.actionHorizon.value;
    settings.objects.value;
    settings.instruction.value;
    untracked(() => {
      if (player.mode.value === 'replay') player.live();
    });
  });
  effect(() => {
    settings.task.value;
    settings.objects.value;
    settings.instruction.value;
    measurements.clearCounts();
  });

  socket.on('stage:episode', (episode: StageEpisode) => {
    // Of settings that have been overtaken.
    if (episode.request !== request) return;
    batch(() => {
      pending.value = false;
      if (!refused) error.value = null;
      settings.episode.value = episode.episode;
      for (const lane of asked) {
        const choice = settings.lanes[lane].value;
        if (choice) {
          acting[lane] = choice;
          shown[lane] = choice;
        }
      }
      player.begin(new Track(episode, asked));
      measurements.report(episode, asked);
    });
  });

  const refuseFrame = (report: ErrorReport) => {
    error.value ??= report;
  };

  socket.on('stage:frame', (packed, received) => {
    received();
    const frame = readMessage(packed, player.current, unpackFrame, refuseFrame);
    if (frame) player.addFrame(frame);
  });

  socket.on('stage:fan', (packed, received) => {
    received();
    const fan = readMessage(packed, player.current, unpackFan, refuseFrame);
    const track = player.current;
    if (!fan || !track || !player.addFan(fan)) return;
    const lane = track.lanes[fan.lane];
    if (told(lane, () => true) === null) return;
    measurements.timed({
      lane,
      milliseconds: fan.milliseconds,
      period: 1000 / track.info.controlHz,
    });
  });

  socket.on('stage:error', (problem) => {
    if (problem.request !== request) return;
    const wanted = perLane((lane) => settings.lanes[lane].value);
    const lane = laneToBlame(problem, asked, wanted, perLane(before));
    batch(() => {
      pending.value = false;
      const choice = lane === null ? null : wanted[lane];
      if (problem.instruction) {
        instructionError.value = problem;
        refused = true;
      } else if (lane === null || choice === null) {
        error.value = problem;
        refused = problem.code === 'invalid-request';
      } else refuse(lane, choice, problem);
    });
  });

  /** Goes back to what was on the stage before, or to who acts on a first visit. */
  function refuse(lane: LaneId, choice: Lane, { code, message }: ErrorReport): void {
    const refusal = { code, message, choice };
    if (choice.policy.kind === 'run') onRunRefused(choice.policy.id, refusal);
    // It was on the stage once and cannot be any more.
    if (sameChoice(before(lane), choice)) delete shown[lane];
    if (sameChoice(before(lane), choice)) {
      missing.value = { ...missing.value, [lane]: refusal };
      return;
    }
    refusals.value = { ...refusals.value, [lane]: refusal };
    // One that was to act in all views acts in none.
    for (const each of LANES) {
      const there = settings.lanes[each].value;
      if (there && sameSource(there.policy, choice.policy)) {
        settings.lanes[each].value = before(each);
      }
    }
  }

  /** What was told of a lane, where it is of what was chosen for it. */
  function told<T>(lane: LaneId, pick: (episode: StageEpisode, place: number) => T): T | null {
    const track = player.track.value;
    const place = track?.lanes.indexOf(lane) ?? -1;
    if (!track || place < 0) return null;
    const same = acting[lane] !== undefined && sameChoice(acting[lane], settings.lanes[lane].value);
    return same ? pick(track.info, place) : null;
  }

  return {
    pending,
    live: computed(
      () => streaming.value && online() && error.value === null && player.track.value !== null,
    ),
    shownEpisode: computed(() => {
      const shown = pending.value ? null : player.track.value;
      return shown?.info.episode ?? settings.episode.value;
    }),
    error,
    laneErrors,
    refusals,
    instructionError,
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
        casts.set(
          settings.task.value,
          perLane((lane) => settings.lanes[lane].value),
        );
        settings.task.value = next;
        const cast = casts.get(next) ?? first.value;
        for (const lane of LANES) settings.lanes[lane].value = cast[lane];
        settings.objects.value = null;
        settings.instruction.value = null;
        settings.choices.value++;
      });
    },
    choose(lane, choice) {
      batch(() => {
        refusals.value = { ...refusals.value, [lane]: null };
        if (sameChoice(settings.lanes[lane].value, choice)) return;
        const all = chosen(lane, choice);
        for (const each of LANES) {
          if (sameChoice(settings.lanes[each].value, all[each])) continue;
          settings.lanes[each].value = all[each];
          refusals.value = { ...refusals.value, [each]: null };
          // Another rate: so many control steps are another time.
          if (each !== lane) settings.actionHorizon.value = null;
        }
        settings.choices.value++;
      });
    },
    forgive(lane) {
      refusals.value = { ...refusals.value, [lane]: null };
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
      missing.value = { ...missing.value, [lane]: null };
    },
    next() {
      if (online()) tell({ kind: 'next' }).catch(shrug);
    },
  };
}
