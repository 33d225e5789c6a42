import { type Fan, type StageFrame, unpackFan, unpackFrame } from '../../server/protocol/frames.ts';

/** A frame of a task with two modes. @throws Error where it is refused */
export function frameOf(packed: Float32Array): StageFrame {
  const frame = unpackFrame(packed, 2);
  if (typeof frame === 'string') throw new Error(`expected a frame, got one refused: ${frame}`);
  return frame;
}

/** A fan of a task with two modes. @throws Error where it is refused */
export function fanOf(packed: Float32Array): Fan {
  const fan = unpackFan(packed, 2);
  if (typeof fan === 'string') throw new Error(`expected a fan, got one refused: ${fan}`);
  return fan;
}
