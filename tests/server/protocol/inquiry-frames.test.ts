import { expect, it } from 'vitest';
import {
  type Denoising,
  packDenoising,
  packNoisePlane,
  packTurned,
  type Station,
  unpackDenoising,
  unpackNoisePlane,
  unpackTurned,
} from '../../../server/protocol/inquiry-frames.ts';

const numbers = (count: number, from: number) =>
  Float32Array.from({ length: count }, (_, i) => from + i / 8);

/** Two futures of three points, chunks of four actions of two numbers. */
const station = (call: number): Station => ({
  call,
  time: 1 - call / 2,
  paths: numbers(18, call),
  estimates: numbers(18, call + 100),
  estimatedModes: [1, -2],
  chunk: numbers(8, call + 200),
  estimate: numbers(8, call + 300),
});

const DENOISING: Denoising = {
  step: 16,
  number: 1,
  calls: 2,
  range: { least: 1, most: 99, step: 2 },
  diffusionSteps: 100,
  asActed: true,
  modes: [0, -1],
  pose: numbers(2, 7),
  stations: [station(0), station(1), station(2)],
};

it('a denoising comes out as it was packed', () => {
  expect(unpackDenoising(packDenoising(DENOISING))).toEqual(DENOISING);
});

it('a plane comes out as it was packed, with two ways or with one', () => {
  const plane = { step: 4, home: [0.5, -1.25] as const, draws: 256 };
  const counts = [
    { mode: -2, count: 3 },
    { mode: 1, count: 253 },
  ];
  for (const parts of [[0, 1], null] as const) {
    expect(unpackNoisePlane(packNoisePlane({ ...plane, counts, parts }))).toEqual({
      ...plane,
      counts,
      parts,
    });
  }
});

it('turned plans come out as they were packed, with paths or without', () => {
  for (const paths of [[], [numbers(6, 0), numbers(6, 9)]]) {
    const turned = { modes: [1, -1], paths };
    expect(unpackTurned(packTurned(turned))).toEqual(turned);
  }
});

it('what is cut short, too long, of another kind or of a way that is none is no answer', () => {
  const packed = packDenoising(DENOISING);
  for (let length = 0; length < packed.length; length++) {
    expect(unpackDenoising(packed.subarray(0, length))).toBeNull();
  }
  expect(unpackDenoising(Float32Array.from([...packed, 0]))).toBeNull();
  expect(unpackTurned(packed)).toBeNull();
  expect(unpackNoisePlane(packed)).toBeNull();
  expect(unpackDenoising(packTurned({ modes: [0], paths: [] }))).toBeNull();
  expect(unpackTurned(packTurned({ modes: [0.5], paths: [] }))).toBeNull();
  const modeAt = packed.indexOf(-2);
  expect(unpackDenoising(packed.map((value, i) => (i === modeAt ? Number.NaN : value)))).toBeNull();
});
