import { describe, expect, it } from 'vitest';
import {
  GamepadHand,
  looksAlike,
  type PadState,
} from '../../../../client/features/record/gamepad.ts';

/** A pad in the standard mapping: left stick, triggers, A. */
function pad({ x = 0, y = 0, down = 0, up = 0, pressed = [] as readonly number[] } = {}): PadState {
  const buttons = Array.from({ length: 17 }, () => ({ pressed: false, value: 0 }));
  for (const button of pressed) buttons[button] = { pressed: true, value: 1 };
  buttons[6] = { pressed: down > 0, value: down };
  buttons[7] = { pressed: up > 0, value: up };
  return { connected: true, mapping: 'standard', axes: [x, y, 0, 0], buttons };
}

const REST = { left: 0, right: 0, away: 0, near: 0, up: 0, down: 0 };

describe('a gamepad', () => {
  it('asks by its stick and triggers for as long as they were held, in proportion', () => {
    const hand = new GamepadHand();
    hand.take([pad()], 1);
    const { times, moving } = hand.take([pad({ x: -1, y: 1, up: 0.575 })], 1.1);
    expect(moving).toBe(true);
    expect(times.left).toBeCloseTo(0.1, 10);
    expect(times.near).toBeCloseTo(0.1, 10);
    expect(times.up).toBeCloseTo(0.05, 10);
    expect(times).toMatchObject({ right: 0, away: 0, down: 0 });
  });

  it('at rest asks for nothing, though its stick does not stand at 0', () => {
    const hand = new GamepadHand();
    hand.take([pad()], 1);
    expect(hand.take([pad({ x: 0.14, y: -0.1 })], 1.1)).toEqual({
      times: REST,
      moving: false,
      actions: [],
      seen: { stick: [0, 0], held: [] },
      gone: false,
    });
  });

  it('that is pulled out holds the arm', () => {
    const out = { ...pad({ x: 1 }), connected: false };
    for (const pads of [[out], [null], []]) {
      const hand = new GamepadHand();
      hand.take([pad({ x: 1 })], 1);
      const nothing = { times: REST, moving: false, actions: [], seen: null };
      expect(hand.take(pads, 1.1)).toEqual({ ...nothing, gone: true });
      // That is said once.
      expect(hand.take(pads, 1.2)).toEqual({ ...nothing, gone: false });
    }
  });

  it('counts no more of a silence than a quarter of a second, and nothing after it was let go', () => {
    const hand = new GamepadHand();
    hand.take([pad({ x: 1 })], 1);
    expect(hand.take([pad({ x: 1 })], 60).times.right).toBe(0.25);
    hand.letGo();
    expect(hand.take([pad({ x: 1 })], 61).times.right).toBe(0);
  });

  it('does once a press what its buttons stand for', () => {
    const hand = new GamepadHand();
    hand.take([pad()], 0);
    const pressed = [[0], [0], [], [0, 9], [1, 8]];
    const done = pressed.map((each, i) => hand.take([pad({ pressed: each })], i).actions);
    expect(done).toEqual([['grip'], [], [], ['grip', 'enter'], ['redo', 'undo']]);
  });

  it('whose button is held down as it comes has not been pressed', () => {
    const hand = new GamepadHand();
    hand.take([null], 1);
    expect(hand.take([pad({ pressed: [9] })], 1.1).actions).toEqual([]);
  });

  it('moves by its arrows too, and slowly with the shoulder', () => {
    const hand = new GamepadHand();
    hand.take([pad()], 1);
    const { times, seen } = hand.take([pad({ pressed: [5, 15] })], 1.1);
    expect(times.right).toBeCloseTo(0.03, 10);
    expect(seen?.held).toEqual(['arrows', 'slow']);
  });

  it('is drawn as it is held, and anew only where that looks different', () => {
    const hand = new GamepadHand();
    const see = (state: PadState) => hand.take([state], 1).seen;
    const seen = see(pad({ x: 0.575, down: 1, pressed: [0] }));
    expect(seen).toEqual({ stick: [0.5, 0], held: ['grip', 'stick', 'down'] });
    expect(looksAlike(seen, see(pad({ x: 0.58, down: 1, pressed: [0] })))).toBe(true);
    expect(looksAlike(seen, see(pad({ x: 0.8, down: 1, pressed: [0] })))).toBe(false);
    expect(looksAlike(seen, null)).toBe(false);
    expect(looksAlike(null, null)).toBe(true);
  });

  it('of another mapping, or with numbers that are none, is left alone', () => {
    const hand = new GamepadHand();
    hand.take([pad()], 1);
    const other = { ...pad({ x: 1 }), mapping: '' };
    const broken = { ...pad(), axes: [Number.NaN] };
    expect(hand.take([other], 1.1).moving).toBe(false);
    expect(hand.take([broken], 1.2).times).toEqual(REST);
  });
});
