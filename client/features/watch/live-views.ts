import type { ReadonlySignal } from '@preact/signals';
import { INVALID } from '../../../server/protocol/frames.ts';
import type { Fan } from '../../../server/protocol/index.ts';
import { createFrames, forwardKinematics } from '../../../sim/arm/kinematics.ts';
import { TASKS } from '../../../sim/tasks/index.ts';
import { startSeed } from '../../../sim/tasks/starts.ts';
import type { InitialState } from '../../../sim/tasks/task.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import type { Place } from '../../shared/tasks/placing.ts';
import { type StageTask, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { PATH_COLORS, type PlannedPath, type Stage } from '../../stage/index.ts';
import type { Player } from './playback/player.ts';
import { FAN_LEAD, firstDecidedFan } from './playback/split.ts';
import { createSample, type Track } from './playback/track.ts';

export interface PreviewedStart {
  readonly seed: number;
  readonly episode: number;
  readonly task: StageTask;
  /** Where a person put the objects. */
  readonly objects: readonly Place[] | null;
}

/** Where an episode's objects lie at its start, m. */
export function startOf({ task, seed, episode }: Omit<PreviewedStart, 'objects'>): InitialState {
  return taskOf(task).sampleInitialState(startSeed('evaluation', seed, episode));
}

/** Draws the moment that the player is at. */
export class LiveViews {
  readonly #stage: Stage;
  readonly #player: Player;
  readonly #sample = createSample();
  readonly #frames = createFrames();
  readonly #ghosts: ReadonlySignal<boolean>;
  readonly #fans = new Map<LaneId, Fan | null>();
  readonly #remembered = new Map<LaneId, Fan | null>();
  #track: Track | null = null;
  #position = Number.NaN;
  #received = -1;
  #jumps = -1;
  #withGhosts = true;

  /** @param ghosts whether an episode's first plans stay */
  constructor(stage: Stage, player: Player, ghosts: ReadonlySignal<boolean>) {
    this.#stage = stage;
    this.#ghosts = ghosts;
    this.#player = player;
  }

  /** Shows the start that the server will begin with, while one waits for it. */
  preview(views: readonly string[], { objects: places, ...start }: PreviewedStart): void {
    const { joints, gripperOpening, objects } = startOf(start);
    const positions = objects.map(([x, y, z], i) => [...(places?.[i] ?? [x, y]), z]);
    this.#position = Number.NaN;
    for (const view of views) {
      this.#stage.setFrame(view, {
        joints,
        opening: gripperOpening,
        objects: positions,
        contact: false,
        success: false,
      });
    }
  }

  /** The views show something else meanwhile: all of it is drawn again. */
  forget(): void {
    this.#track = null;
  }

  /** The moment that was last given to the stage, s of its episode; 0 at a start. */
  get seconds(): number {
    const { controlHz = 1 } = this.#track?.info ?? {};
    return Number.isNaN(this.#position) ? 0 : this.#position / controlHz;
  }

  /** @returns the lanes that show something of an episode */
  draw(): readonly LaneId[] {
    const track = this.#player.track.value;
    if (!track || track.empty) return [];
    const position = this.#player.position.value;
    const received = this.#player.received.value;
    const jumps = this.#player.jumps.value;
    const ghosts = this.#ghosts.value;
    const jumped = jumps !== this.#jumps || track !== this.#track;
    // Where drawing is slower than the frames come, the path runs through those not drawn, too.
    const skipped = Math.floor(position) - Math.floor(this.#position) > 1;
    const same = position === this.#position && ghosts === this.#withGhosts;
    if (!jumped && same && received === this.#received) return track.lanes;
    this.#withGhosts = ghosts;
    this.#track = track;
    this.#position = position;
    this.#received = received;
    this.#jumps = jumps;
    for (const lane of track.lanes) {
      if (!track.sample(lane, position, this.#sample)) continue;
      const { joints, opening, objects, contact, success } = this.#sample;
      if (jumped || skipped) this.#stage.setTrail(lane, this.#trail(track, lane, position));
      this.#stage.setFrame(lane, { joints, opening, objects, contact, success });
      const shown = position + FAN_LEAD;
      const fan = track.fanAt(lane, shown);
      const first = ghosts ? firstDecidedFan(track, lane, shown) : null;
      this.#drawFan(lane, fan, jumped);
      this.#drawGhosts(lane, first === fan ? null : first, jumped);
    }
    return track.lanes;
  }

  #drawFan(lane: LaneId, fan: Fan | null, redrawn: boolean): void {
    if (!redrawn && fan === this.#fans.get(lane)) return;
    this.#fans.set(lane, fan);
    this.#stage.setFan(lane, fan && this.#track ? plannedPaths(fan, this.#track.info.task) : []);
  }

  #drawGhosts(lane: LaneId, fan: Fan | null, redrawn: boolean): void {
    if (!redrawn && fan === (this.#remembered.get(lane) ?? null)) return;
    this.#remembered.set(lane, fan);
    this.#stage.setGhosts(lane, fan && this.#track ? plannedPaths(fan, this.#track.info.task) : []);
  }

  #trail(track: Track, lane: LaneId, step: number): Float32Array {
    const points: number[] = [];
    for (const joints of track.jointsUntil(lane, step)) {
      points.push(...forwardKinematics(joints, this.#frames).tcpPosition);
    }
    return Float32Array.from(points);
  }
}

function plannedPaths({ paths }: Fan, task: string): PlannedPath[] {
  const modes = TASKS.find(({ name }) => name === task)?.modes ?? [];
  return paths.map(({ mode, points }, i) => {
    const blocked = mode === INVALID;
    const other = blocked ? PATH_COLORS.invalid : PATH_COLORS.undecided;
    return { points, color: modes[mode]?.colour ?? other, blocked, chosen: i === 0 };
  });
}
