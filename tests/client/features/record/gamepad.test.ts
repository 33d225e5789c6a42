import { describe, expect, it } from 'vitest';
import { GamepadHand, type PadState } from '../../../../client/features/record/gamepad.ts';

/** A pad in the standard mapping: left stick, triggers, A. */
function pad({ x = 0, y = 0, down = 0, up = 0, a = false } = {}): PadState {
  const buttons = Array.from({ length: 17 }, () => ({ pressed: false, value: 0 }));
  buttons[0] = { pressed: a, value: Number(a) };
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
      grip: false,
    });
  });

  it('that is pulled out holds the arm', () => {
    const hand = new GamepadHand();
    hand.take([pad({ x: 1 })], 1);
    const gone = { ...pad({ x: 1 }), connected: false };
    for (const pads of [[gone], [null], []]) {
      expect(hand.take(pads, 1.1)).toEqual({ times: REST, moving: false, grip: false });
    }
  });

  it('counts no more of a silence than a quarter of a second, and nothing after it was let go', () => {
    const hand = new GamepadHand();
    hand.take([pad({ x: 1 })], 1);
    expect(hand.take([pad({ x: 1 })], 60).times.right).toBe(0.25);
    hand.letGo();
    expect(hand.take([pad({ x: 1 })], 61).times.right).toBe(0);
  });

  it('closes the gripper once a press', () => {
    const hand = new GamepadHand();
    const presses = [true, true, false, true].map((a, i) => hand.take([pad({ a })], i).grip);
    expect(presses).toEqual([true, false, false, true]);
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
