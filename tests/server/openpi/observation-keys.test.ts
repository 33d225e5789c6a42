import { describe, expect, it } from 'vitest';
import { encode } from '../../../server/openpi/codec.ts';
import { floats, isNumpyArray } from '../../../server/openpi/numpy.ts';
import { held } from '../../support/policy-server.ts';
import { draw, H } from '../../support/remote-asking.ts';
import { HOLD } from '../../support/simulation.ts';

describe('names of observations', () => {
  const answering = () =>
    encode({ actions: floats(held(Float32Array.from([...HOLD.slice(0, 7), 1]), H), [H, 8]) });

  it('of DROID: joints, gripper from 0 open to 1 closed, two pictures', async () => {
    const { asked, drawn } = await draw(answering, { keys: 'droid' });
    expect([...asked.keys()].slice(0, 5)).toEqual([
      'observation/joint_position',
      'observation/gripper_position',
      'observation/exterior_image_1_left',
      'observation/wrist_image_left',
      'prompt',
    ]);
    expect(asked.get('observation/joint_position')).toMatchObject({ shape: [7] });
    expect(asked.get('observation/gripper_position')).toMatchObject({
      shape: [1],
      data: Float32Array.of(1 - HOLD[7] / 0.08),
    });
    const picture = asked.get('observation/exterior_image_1_left');
    expect(isNumpyArray(picture) && [...picture.shape, picture.data[0]]).toEqual([224, 224, 3, 9]);
    expect(drawn.chunk[7]).toBe(0);
  });

  it('of LIBERO: the hand as position, axis and angle, and both fingers', async () => {
    const { asked } = await draw(answering, { keys: 'libero' });
    const state = asked.get('observation/state');
    if (!isNumpyArray(state)) throw new Error('expected a state');
    const [x, , z, ...rest] = Array.from(state.data, Number);
    expect(x).toBeGreaterThan(0.2);
    expect(z).toBeGreaterThan(0);
    // The hand points down: half a turn about an axis of the table.
    expect(Math.hypot(...rest.slice(0, 3))).toBeCloseTo(Math.PI, 1);
    expect(rest.slice(3)).toEqual([HOLD[7] / 2, -HOLD[7] / 2].map(Math.fround));
  });
});
