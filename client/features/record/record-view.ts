import { type Place, placesOf } from '../../shared/tasks/placing.ts';
import type { SceneFrame, Stage } from '../../stage/index.ts';
import type { RecordStore } from './record-store.ts';
import { type ScreenAxes, screenAxes } from './screen-axes.ts';
import type { WorldView } from './world-view.ts';

export const RECORD_VIEW = 'record';
/** Where the directions of the screen are measured: over the middle of the table, m. */
const ORIGIN = [0.5, 0, 0.1] as const;
const ALONG_X = [0.56, 0, 0.1] as const;
const ALONG_Y = [0.5, 0.06, 0.1] as const;

/** What the stage shows of the recorder's world. */
export function sceneOf({ state, objects, contact, success }: WorldView): SceneFrame {
  return { joints: state, opening: state[7], objects, contact, success };
}

/** Where a view of the stage shows the directions of the table. */
export function axesIn(stage: Stage, view: string): ScreenAxes {
  return screenAxes(
    stage.screenPosition(view, ORIGIN),
    stage.screenPosition(view, ALONG_X),
    stage.screenPosition(view, ALONG_Y),
  );
}

/** Draws the recorder's world, and lets its hand be dragged. */
export class RecordView {
  readonly #stage: Stage;
  readonly #store: RecordStore;
  #drawn: unknown = null;
  #dragged = false;
  #held = false;
  #open = false;

  constructor(stage: Stage, store: RecordStore) {
    this.#stage = stage;
    this.#store = store;
  }

  /** The stage shows this view and no other. */
  open(): void {
    this.#open = true;
    this.#drawn = null;
    this.#held = false;
  }

  /** Arrows on the hand: only once the physics has told where it is. */
  #giveHand(): void {
    this.#held = true;
    const given = this.#stage.enableHandGizmo((position, phase) => {
      const take = this.#store.take();
      if (!take || take.phase === 'done') return;
      this.#dragged = phase !== 'end';
      if (phase === 'move') take.moveTo([position[0], position[1], position[2]]);
      if (phase === 'end') take.hold();
    });
    // The door of what lies over this view waits for the same file, and says what is wrong with it.
    given.catch(() => {
      this.#held = false;
    });
  }

  /** The scene is another one: what is drawn no longer counts. */
  forget(): void {
    this.#drawn = null;
  }

  /** Where the objects lie, m. */
  places(): readonly Place[] {
    return placesOf(this.#store.view.peek()?.objects ?? []);
  }

  close(): void {
    this.#open = false;
    this.#dragged = false;
    this.#held = false;
    this.#stage.disableHandGizmo();
  }

  /** @returns whether there is a world to show */
  draw(): boolean {
    const view = this.#store.view.value;
    if (!this.#open || !view) return false;
    const take = this.#store.take();
    if (take) take.axes = axesIn(this.#stage, RECORD_VIEW);
    if (view === this.#drawn) return true;
    this.#drawn = view;
    if (view.steps === 0) this.#stage.clearTrail(RECORD_VIEW);
    this.#stage.setFrame(RECORD_VIEW, sceneOf(view));
    if (!this.#held) this.#giveHand();
    if (!this.#dragged) this.#stage.setHandGizmo(view.hand);
    // What a person does is seen in the very next picture.
    this.#stage.drawNow();
    return true;
  }
}
