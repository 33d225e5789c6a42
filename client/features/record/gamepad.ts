import { type HeldTimes, type Move, SILENCE } from './clutch.ts';

/** What is read of a gamepad in the standard mapping (https://w3c.github.io/gamepad/#remapping). */
export interface PadState {
  readonly connected: boolean;
  readonly mapping: string;
  readonly axes: readonly number[];
  readonly buttons: readonly { readonly pressed: boolean; readonly value: number }[];
}

/** A stick at rest seldom stands at 0: less than this is rest. */
const DEAD_ZONE = 0.15;
/** Buttons of the standard mapping: A, and the triggers. */
const GRIP = 0;
const DOWN = 6;
const UP = 7;

const NOTHING: HeldTimes = { left: 0, right: 0, away: 0, near: 0, up: 0, down: 0 };

/** What a gamepad asks of the hand since it was asked last. */
export interface PadInput {
  /** As long as a key of each move would have been held, s. */
  readonly times: HeldTimes;
  readonly moving: boolean;
  /** The gripper's button went down. */
  readonly grip: boolean;
}

/**
 * Turns a gamepad's sticks and triggers into time, as `Clutch` turns keys: left stick over the table,
 * triggers down and up, A for the gripper. One that is pulled out, or let go, asks for nothing, and of
 * a silence no more than `SILENCE` counts: the hand holds.
 */
export class GamepadHand {
  #at: number | null = null;
  #gripped = false;

  /**
   * @param pads as `navigator.getGamepads` gives them; the first in the standard mapping counts
   * @param now  s
   */
  take(pads: readonly (PadState | null)[], now: number): PadInput {
    const seconds = this.#at === null ? 0 : Math.min(SILENCE, Math.max(0, now - this.#at));
    this.#at = now;
    const pad = pads.find((each) => each?.connected && each.mapping === 'standard');
    const pressed = pad?.buttons[GRIP]?.pressed ?? false;
    // One that is held down when the gamepad comes is no press.
    const grip = pressed && !this.#gripped && pad !== undefined;
    this.#gripped = pressed;
    if (!pad) return { times: NOTHING, moving: false, grip: false };
    const [x, y] = [deflection(pad.axes[0]), deflection(pad.axes[1])];
    const asked: Record<Move, number> = {
      left: Math.max(0, -x),
      right: Math.max(0, x),
      away: Math.max(0, -y),
      near: Math.max(0, y),
      up: Math.max(0, deflection(pad.buttons[UP]?.value)),
      down: Math.max(0, deflection(pad.buttons[DOWN]?.value)),
    };
    const moving = Object.values(asked).some((value) => value > 0);
    const times = { ...asked };
    for (const move of Object.keys(times) as Move[]) times[move] *= seconds;
    return { times, moving, grip };
  }

  /** Nobody holds it any more: what is asked next begins anew. */
  letGo(): void {
    this.#at = null;
  }
}

/** −1 … 1 from the edge of the dead zone on; 0 for what is no number. */
function deflection(value: number | undefined): number {
  if (value === undefined || !Number.isFinite(value)) return 0;
  const size = Math.min(1, Math.abs(value));
  return size <= DEAD_ZONE ? 0 : (Math.sign(value) * (size - DEAD_ZONE)) / (1 - DEAD_ZONE);
}
