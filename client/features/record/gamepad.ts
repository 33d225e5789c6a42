import { type HeldTimes, type Move, SILENCE, SLOW } from './clutch.ts';
import type { RecordAction } from './record-action.ts';

/** What is read of a gamepad in the standard mapping (https://w3c.github.io/gamepad/#remapping). */
export interface PadState {
  readonly connected: boolean;
  readonly mapping: string;
  readonly axes: readonly number[];
  readonly buttons: readonly { readonly pressed: boolean; readonly value: number }[];
}

/** A stick at rest seldom stands at 0: less than this is rest. */
const DEAD_ZONE = 0.15;
/** Of the standard mapping: the triggers, the right shoulder, and the four arrows. */
const DOWN = 6;
const UP = 7;
const SLOWLY = 5;
const ARROWS = { away: 12, near: 13, left: 14, right: 15 } as const;
/** A, B, view and menu. */
const ACTIONS = { grip: 0, redo: 1, undo: 8, enter: 9 } as const satisfies Partial<
  Record<RecordAction, number>
>;
const ACTION_NAMES = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];

/** The stick is drawn in steps of this: a hand that trembles is not worth a picture. */
const DRAWN_STEP = 0.05;

const NOTHING: HeldTimes = { left: 0, right: 0, away: 0, near: 0, up: 0, down: 0 };

/** Parts of a gamepad that do something here. */
export type PadPart = 'stick' | 'arrows' | 'up' | 'down' | 'slow' | (typeof ACTION_NAMES)[number];

/** A gamepad as its picture shows it. */
export interface PadSeen {
  /** Of the left stick, −1 … 1, y towards the person. */
  readonly stick: readonly [x: number, y: number];
  readonly held: readonly PadPart[];
}

/** What a gamepad asks of the hand since it was asked last. */
export interface PadInput {
  /** As long as a key of each move would have been held, s. */
  readonly times: HeldTimes;
  readonly moving: boolean;
  /** Of the buttons that went down. */
  readonly actions: readonly RecordAction[];
  /** Null where there is no gamepad. */
  readonly seen: PadSeen | null;
  /** There was one when it was asked last, and there is none now. */
  readonly gone: boolean;
}

/**
 * Turns a gamepad's sticks and triggers into time, as `Clutch` turns keys: left stick over the table,
 * triggers down and up, A for the gripper. One that is pulled out, or let go, asks for nothing, and of
 * a silence no more than `SILENCE` counts: the hand holds.
 */
export class GamepadHand {
  #at: number | null = null;
  #there = false;
  #down: readonly RecordAction[] = [];

  /**
   * @param pads as `navigator.getGamepads` gives them; the first in the standard mapping counts
   * @param now  s
   */
  take(pads: readonly (PadState | null)[], now: number): PadInput {
    const seconds = this.#at === null ? 0 : Math.min(SILENCE, Math.max(0, now - this.#at));
    this.#at = now;
    const pad = pads.find((each) => each?.connected && each.mapping === 'standard');
    const gone = this.#there && !pad;
    // A button that is held down when the gamepad comes is no press.
    const came = !this.#there;
    this.#there = pad !== undefined;
    const down = ACTION_NAMES.filter((name) => pad?.buttons[ACTIONS[name]]?.pressed);
    const actions = came ? [] : down.filter((name) => !this.#down.includes(name));
    this.#down = down;
    if (!pad) return { times: NOTHING, moving: false, actions, seen: null, gone };
    const asked = askedOf(pad);
    const moving = Object.values(asked).some((value) => value > 0);
    const slow = pad.buttons[SLOWLY]?.pressed ?? false;
    const times = { ...asked };
    for (const move of Object.keys(times) as Move[]) times[move] *= seconds * (slow ? SLOW : 1);
    return { times, moving, actions, seen: seenOf(pad, asked, slow, down), gone };
  }

  /** Nobody holds it any more: what is asked next begins anew. */
  letGo(): void {
    this.#at = null;
  }
}

/** How much of each move, 0 … 1. */
function askedOf({ axes, buttons }: PadState): Record<Move, number> {
  const [x, y] = [deflection(axes[0]), deflection(axes[1])];
  const arrow = (move: keyof typeof ARROWS) => Number(buttons[ARROWS[move]]?.pressed ?? false);
  return {
    left: Math.max(arrow('left'), -x),
    right: Math.max(arrow('right'), x),
    away: Math.max(arrow('away'), -y),
    near: Math.max(arrow('near'), y),
    up: Math.max(0, deflection(buttons[UP]?.value)),
    down: Math.max(0, deflection(buttons[DOWN]?.value)),
  };
}

function seenOf(
  { axes, buttons }: PadState,
  asked: Record<Move, number>,
  slow: boolean,
  down: readonly (keyof typeof ACTIONS)[],
): PadSeen {
  const drawn = (value: number | undefined) =>
    Math.round(deflection(value) / DRAWN_STEP) * DRAWN_STEP || 0;
  const stick = [drawn(axes[0]), drawn(axes[1])] as const;
  const arrows = Object.values(ARROWS).some((button) => buttons[button]?.pressed);
  const held: PadPart[] = [...down];
  if (stick[0] !== 0 || stick[1] !== 0) held.push('stick');
  if (arrows) held.push('arrows');
  if (asked.up > 0) held.push('up');
  if (asked.down > 0) held.push('down');
  if (slow) held.push('slow');
  return { stick, held };
}

/** Whether two pictures of a gamepad are the same. */
export function looksAlike(a: PadSeen | null, b: PadSeen | null): boolean {
  if (!a || !b) return a === b;
  return a.stick.join() === b.stick.join() && a.held.join() === b.held.join();
}

/** −1 … 1 from the edge of the dead zone on; 0 for what is no number. */
function deflection(value: number | undefined): number {
  if (value === undefined || !Number.isFinite(value)) return 0;
  const size = Math.min(1, Math.abs(value));
  return size <= DEAD_ZONE ? 0 : (Math.sign(value) * (size - DEAD_ZONE)) / (1 - DEAD_ZONE);
}
