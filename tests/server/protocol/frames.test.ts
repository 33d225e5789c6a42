import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ageOfFrame, contentOf, frameClock } from '../../../server/protocol/frames.ts';
import {
  explainFrame,
  type Fan,
  FRAME_FORMAT,
  type FrameProblem,
  INVALID,
  laneOfFan,
  modeIndex,
  type PlanAttention,
  packFan,
  packFrame,
  type StageFrame,
  toFloats,
  unpackFan,
  unpackFrame,
} from '../../../server/protocol/index.ts';

/** Numbers of a frame of one lane with one object. */
const FRAME_OF_ONE = 20;
/** Of the task that they are frames of. */
const MODES = 3;

/** Any f32, NaN, infinities and −0 among them. */
const f32 = fc.float({ noDefaultInfinity: false, noNaN: false });
const floats = (length: number) => fc.array(f32, { minLength: length, maxLength: length });
/** Whole numbers that f32 holds exactly. */
const whole = fc.integer({ min: 0, max: 2 ** 24 });

/** All lanes of a frame have as many objects. */
const frames: fc.Arbitrary<StageFrame> = fc.integer({ min: 1, max: 3 }).chain((objects) =>
  fc.record({
    episodeId: whole,
    step: whole,
    lanes: fc.array(
      fc.record({
        joints: floats(7),
        opening: f32,
        contact: fc.boolean(),
        success: fc.boolean(),
        ended: fc.boolean(),
        mode: fc.integer({ min: INVALID, max: MODES - 1 }),
        lifted: fc.integer({ min: -1, max: objects - 1 }),
        objects: fc.array(floats(3), { minLength: objects, maxLength: objects }),
      }),
      { maxLength: 4 },
    ),
  }),
);

const attentions: fc.Arbitrary<PlanAttention> = fc
  .record({ tokens: fc.integer({ min: 1, max: 9 }), columns: fc.integer({ min: 1, max: 9 }) })
  .chain(({ tokens, columns }) =>
    floats(tokens * columns).map((weights) => ({ tokens, weights: Float32Array.from(weights) })),
  );

const fans: fc.Arbitrary<Fan> = fc.integer({ min: 0, max: 12 }).chain((horizon) =>
  fc.record(
    {
      lane: fc.integer({ min: 0, max: 3 }),
      episodeId: whole,
      step: whole,
      nfe: fc.integer({ min: 1, max: 1000 }),
      milliseconds: f32,
      horizon: fc.constant(horizon),
      paths: fc.array(
        fc.record(
          {
            mode: fc.integer({ min: INVALID, max: MODES - 1 }),
            points: floats(3 * horizon).map((values) => Float32Array.from(values)),
          },
          { noNullPrototype: true },
        ),
        { maxLength: 5 },
      ),
      chunk: fc
        .integer({ min: 0, max: 9 })
        .chain((width) => floats(width * horizon))
        .map((values) => Float32Array.from(values)),
      attention: fc.option(attentions),
    },
    { noNullPrototype: true },
  ),
);

/** Plain arrays, so that equality is of values and −0 is not 0. */
function plain(frame: StageFrame | FrameProblem) {
  return (
    typeof frame === 'object' && {
      ...frame,
      lanes: frame.lanes.map(({ joints, objects, ...rest }) => ({
        joints: Array.from(joints),
        objects: objects.map((position) => Array.from(position)),
        ...rest,
      })),
    }
  );
}

describe('a frame', () => {
  it('comes back as it was packed, NaN and −0 included', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(plain(unpackFrame(packFrame(frame), MODES))).toStrictEqual(plain(frame));
      }),
    );
  });

  it('says how long ago it was made, and shows the same whenever that was', () => {
    vi.useFakeTimers({ now: 2 ** 41 + 5 });
    const frame = { episodeId: 3, step: 7, lanes: [] };
    const packed = packFrame(frame, frameClock());
    vi.advanceTimersByTime(1234);
    expect(ageOfFrame(packed)).toBe(1234);
    // Once around the clock.
    vi.setSystemTime(Math.ceil(Date.now() / 2 ** 24) * 2 ** 24 - 1);
    const late = packFrame({ ...frame, episodeId: 4 }, frameClock());
    vi.advanceTimersByTime(2);
    expect(ageOfFrame(late)).toBe(2);
    expect(contentOf(late)).toEqual(contentOf(packed));
    expect(contentOf(packFrame({ ...frame, step: 8 }))).not.toEqual(contentOf(packed));
    vi.useRealTimers();
  });

  it('is none when it is longer or shorter than it says', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: -40, max: 40 }), (frame, change) => {
        const packed = packFrame(frame);
        fc.pre(change !== 0 && packed.length + change >= 0);
        const other = new Float32Array(packed.length + change);
        other.set(packed.subarray(0, other.length));
        expect(unpackFrame(other, MODES)).toBeTypeOf('string');
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 2, 1e30])(
    'is none when it claims %d lanes and brings one',
    (lanes) => {
      const packed = new Float32Array(FRAME_OF_ONE);
      packed.set([FRAME_FORMAT, 1, 0, lanes, 1]);
      expect(unpackFrame(packed, MODES)).toBe('malformed');
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 2, 0.5, 1e30])(
    'is none when it claims %d objects and brings one',
    (objects) => {
      const packed = new Float32Array(FRAME_OF_ONE);
      packed.set([FRAME_FORMAT, 1, 0, 1, objects]);
      expect(unpackFrame(packed, MODES)).toBe('malformed');
    },
  );

  it('of one lane with one object has the size that the others are told apart by', () => {
    const packed = new Float32Array(FRAME_OF_ONE);
    packed.set([FRAME_FORMAT, 1, 0, 1, 1]);
    expect(unpackFrame(packed, MODES)).toMatchObject({ lanes: [{ mode: 0 }] });
  });

  it('of the layout before, which began with an episode, is refused as that', () => {
    const older = Float32Array.of(7, 0, 1, 1, ...new Array(14).fill(0));
    expect(unpackFrame(older, MODES)).toBe('other format');
    expect(explainFrame('other format')).toContain('reload the page');
  });

  it.each([MODES, MODES + 5, INVALID - 1, 0.5, Number.NaN])(
    'with the mode %d, which the task has not, is refused as that',
    (mode) => {
      const packed = new Float32Array(FRAME_OF_ONE);
      packed.set([FRAME_FORMAT, 1, 0, 1, 1]);
      packed[6 + 9] = mode;
      expect(unpackFrame(packed, MODES)).toBe('unknown mode');
    },
  );
});

describe('a mode', () => {
  const modes = [{ name: 'left' }, { name: 'right' }];

  it('goes by its place among those of the task', () => {
    expect(modeIndex(modes, 'right')).toBe(1);
    expect(modeIndex(modes, 'invalid')).toBe(INVALID);
    expect(modeIndex(modes, null)).toBe(-1);
  });

  it('that the task has not is an error, and not none', () => {
    expect(() => modeIndex(modes, 'middle')).toThrow('expected left, right, got "middle"');
  });
});

describe('a fan', () => {
  it('comes back as it was packed', () => {
    fc.assert(
      fc.property(fans, (fan) => {
        expect(unpackFan(packFan(fan), MODES)).toStrictEqual(fan);
        expect(laneOfFan(packFan(fan))).toBe(fan.lane);
      }),
    );
  });

  it('is none when it is longer or shorter than it says', () => {
    fc.assert(
      fc.property(fans, fc.integer({ min: -40, max: 40 }), (fan, change) => {
        const packed = packFan(fan);
        fc.pre(change !== 0 && packed.length + change >= 0);
        const other = new Float32Array(packed.length + change);
        other.set(packed.subarray(0, other.length));
        expect(unpackFan(other, MODES)).toBeTypeOf('string');
      }),
    );
  });

  it('with a mode that the task has not is refused as that', () => {
    const packed = packFan({
      lane: 0,
      episodeId: 1,
      step: 0,
      nfe: 1,
      milliseconds: 1,
      horizon: 1,
      paths: [{ mode: 0, points: Float32Array.of(1, 2, 3) }],
      chunk: new Float32Array(8),
      attention: null,
    });
    packed[11] = 99;
    expect(unpackFan(packed, MODES)).toBe('unknown mode');
    packed[0] = 0;
    expect(unpackFan(packed, MODES)).toBe('other format');
  });
});

describe("a message's bytes", () => {
  it('are read wherever they begin in a larger buffer', () => {
    fc.assert(
      fc.property(fc.array(f32), fc.integer({ min: 0, max: 9 }), (values, offset) => {
        const numbers = Float32Array.from(values);
        const larger = Buffer.alloc(offset + numbers.byteLength + 5, 0xff);
        larger.set(new Uint8Array(numbers.buffer), offset);
        const bytes = larger.subarray(offset, offset + numbers.byteLength);
        expect(toFloats(bytes)).toStrictEqual(numbers);
      }),
    );
  });

  it('are copied: what the socket does with its buffer later changes nothing', () => {
    const numbers = Float32Array.of(1, 2);
    const fromBuffer = toFloats(Buffer.from(numbers.buffer));
    const fromArrayBuffer = toFloats(numbers.buffer);
    numbers.fill(7);
    expect(fromBuffer).toStrictEqual(Float32Array.of(1, 2));
    expect(fromArrayBuffer).toStrictEqual(Float32Array.of(1, 2));
  });

  it.each([1, 2, 3, 5, 7, 4 * 12 + 1])('are no numbers when there are %d of them', (length) => {
    expect(toFloats(new Uint8Array(length))).toBeNull();
    expect(toFloats(new ArrayBuffer(length))).toBeNull();
  });

  it('carry a frame from a packed array to the other side', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const { buffer, byteOffset, byteLength } = packFrame(frame);
        const received = toFloats(Buffer.from(buffer, byteOffset, byteLength));
        expect(received && plain(unpackFrame(received, MODES))).toStrictEqual(plain(frame));
      }),
    );
  });
});
