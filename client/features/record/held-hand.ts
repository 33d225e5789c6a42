import { batch } from '@preact/signals';
import type { Vec3 } from '../../../sim/index.ts';
import type { App } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import type { DragPhase, Stage } from '../../stage/index.ts';
import { axesIn, sceneOf } from './record-view.ts';
import { runRecorder } from './run-loop.ts';
import { takeArm } from './take-over.ts';
import type { Taken } from './taken.ts';

/** A hand that a pointer holds in a view. */
interface Held {
  readonly lane: LaneId;
  /** How far it has been drawn, m. */
  offset: Vec3;
  /** Whether it could be taken is known. */
  answered: boolean;
  /** Once the page stands where the policy did; and where the hand was then, m. */
  taken: Taken | null;
  from: Vec3;
  /** The pointer has let go. */
  released: boolean;
  /** Stops the recorder. */
  stop(): void;
}

/**
 * The hand of a view while a pointer holds it: the policy stops, and the arm follows the pointer in the
 * recorder's own physics, where it is. Let go, the recorder shows what was taken, with what can be done
 * with it.
 */
export class HeldHand {
  readonly #app: App;
  readonly #stage: Stage;
  readonly #onLetGo: () => void;
  #held: Held | null = null;
  #drawn: unknown = null;

  /** @param onLetGo told when the view is the policy's again */
  constructor(app: App, stage: Stage, onLetGo: () => void) {
    this.#app = app;
    this.#stage = stage;
    this.#onLetGo = onLetGo;
  }

  /** What the stage says of the pointer. */
  move(lane: LaneId, [x, y, z]: Vec3, phase: DragPhase): void {
    if (phase === 'start') void this.#take(lane);
    const held = this.#held;
    if (held?.lane !== lane) return;
    held.offset = [x, y, z];
    if (phase === 'end') held.released = true;
    this.#follow(held);
  }

  /** @returns whether a hand is held, so that its view shows nothing else */
  draw(): boolean {
    const held = this.#held;
    if (!held) return false;
    const now = this.#app.recording.view.peek();
    const take = this.#app.recording.take();
    if (!held.taken || !now || !take || now === this.#drawn) return true;
    this.#drawn = now;
    take.axes = axesIn(this.#stage, held.lane);
    this.#stage.setFrame(held.lane, sceneOf(now));
    return true;
  }

  async #take(lane: LaneId): Promise<void> {
    const { recording, view } = this.#app;
    if (this.#held) return;
    const held: Held = {
      ...{ lane, offset: [0, 0, 0], from: [0, 0, 0] },
      ...{ answered: false, taken: null, released: false },
      stop: () => {},
    };
    this.#held = held;
    view.dragging.value = true;
    const before = recording.taken.peek();
    await takeArm(this.#app, lane);
    const take = recording.take();
    const taken = recording.taken.peek();
    held.answered = true;
    if (taken !== before && take) {
      held.taken = taken;
      held.from = take.recorder.hand.position;
      held.stop = runRecorder(recording);
      // What the policy had in mind is over.
      this.#stage.setFan(lane, []);
      this.#stage.setGhosts(lane, []);
    }
    this.#follow(held);
  }

  #follow(held: Held): void {
    const { recording } = this.#app;
    const mine = held.taken !== null && recording.taken.peek() === held.taken;
    const take = mine ? recording.take() : null;
    if (held.released) take?.hold();
    else if (take && take.phase !== 'done') {
      const [x, y, z] = held.from;
      const [dx, dy, dz] = held.offset;
      take.moveTo([x + dx, y + dy, z + dz]);
    }
    if (!held.released || !held.answered) return;
    // Where it could not be taken, the recorder says why.
    this.#letGo(held, mine || (held.taken === null && recording.problem.peek() !== null));
  }

  /** @param shown the recorder has something to show of it */
  #letGo(held: Held, shown: boolean): void {
    const { view } = this.#app;
    held.stop();
    this.#held = null;
    this.#drawn = null;
    batch(() => {
      if (shown) view.tab.value = 'record';
      else view.takingOver.value = null;
      view.dragging.value = false;
    });
    this.#onLetGo();
  }
}
