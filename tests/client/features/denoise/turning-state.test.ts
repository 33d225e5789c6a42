import { describe, expect, it } from 'vitest';
import { createAsker } from '../../../../client/features/denoise/asker.ts';
import { CELLS, SPAN } from '../../../../client/features/denoise/noise-map.ts';
import { createTurning } from '../../../../client/features/denoise/turning-state.ts';
import type { Inquiry, RequestInput } from '../../../../server/protocol/index.ts';
import { packNoisePlane, packTurned } from '../../../../server/protocol/inquiry-frames.ts';
import { until } from '../../../support/until.ts';

const MOMENT = { episodeId: 1, lane: 0, step: 0 };
const HOME = [1, 0.5] as const;
const FLIP = -0.2;

/** A stage whose plans go left of a flip and right of it. */
function stage() {
  const heard: RequestInput<'stage:ask'>[] = [];
  const bytes = (numbers: Float32Array) => Float32Array.from(numbers).buffer;
  const request = async (_: string, inquiry: RequestInput<'stage:ask'>): Promise<ArrayBuffer> => {
    heard.push(inquiry);
    await Promise.resolve();
    if (inquiry.kind === 'plane') {
      const counts = [{ mode: 0, count: 256 }];
      return bytes(packNoisePlane({ step: 0, home: HOME, draws: 256, counts, parts: [0, 1] }));
    }
    if (inquiry.kind !== 'turn') throw new Error(`expected other noise, got ${inquiry.kind}`);
    const modes = inquiry.points.map(([u]) => Number(u < FLIP));
    const paths = inquiry.paths ? inquiry.points.map(([u, v]) => Float32Array.of(u, v, 0)) : [];
    return bytes(packTurned({ modes, paths }));
  };
  const asker = createAsker({ request: request as never });
  return { asker, heard, turning: createTurning(asker) };
}

const isTurn = (
  inquiry: RequestInput<'stage:ask'>,
): inquiry is Extract<Inquiry, { kind: 'turn' }> => inquiry.kind === 'turn';

describe('the noise of a plan', () => {
  it('is mapped row by row, its flip found on the line through home', async () => {
    const { turning, heard } = stage();
    await turning.show(MOMENT);
    expect(turning.handle.value).toEqual(HOME);
    const { modes, rows } = turning.map.value;
    expect(rows).toBe(CELLS);
    expect(modes.filter((mode) => mode === 0)).toHaveLength((CELLS / 2 + 1) * CELLS);
    expect(turning.flip.value?.at[0]).toBeCloseTo(FLIP, 3);
    expect(turning.flip.value?.at[1]).toBe(HOME[1]);
    expect(heard.filter(isTurn)).toHaveLength(4 + CELLS);
  });

  it('turns with the handle, stays on the map, and leads home to the noise itself', async () => {
    const { turning, heard } = stage();
    await turning.show(MOMENT);
    await turning.turn([-9, 0.25]);
    expect(turning.turned.value).toMatchObject({ at: [-SPAN, 0.25], mode: 1 });
    await turning.home();
    expect(turning.turned.value).toMatchObject({ at: HOME, mode: 0 });
    expect(heard.filter(isTurn).at(-1)).toMatchObject({ points: [[...HOME]], paths: true });
  });

  it('of another moment begins anew: what was asked of the last one is not shown', async () => {
    const { turning } = stage();
    const first = turning.show(MOMENT);
    const second = turning.show({ ...MOMENT, step: 16 });
    await Promise.all([first, second]);
    expect(turning.map.value.rows).toBe(CELLS);
    await turning.show(null);
    expect([turning.plane.value, turning.handle.value, turning.map.value.rows]).toEqual([
      null,
      null,
      0,
    ]);
  });
});

it('other plans of a moment are drawn with the number of calls that is asked for, in the same plane', async () => {
  const { turning, heard } = stage();
  await turning.show(MOMENT, 2);
  expect(heard[0]).toEqual({ kind: 'plane', ...MOMENT });
  expect(heard.filter(isTurn).every(({ calls }) => calls === 2)).toBe(true);
});

describe('inquiries', () => {
  it('are sent one at a time, the most urgent first; a newer one of a kind takes the place of the last', async () => {
    const sent: string[] = [];
    let answer = () => {};
    const request = (_: string, { kind, step }: { kind: string; step: number }) => {
      sent.push(`${kind} ${step}`);
      return new Promise<ArrayBuffer>((resolve) => {
        answer = () => resolve(new ArrayBuffer(4));
      });
    };
    const asker = createAsker({ request: request as never });
    const plane = (step: number) => ({ ...MOMENT, kind: 'plane' as const, step });
    const first = asker.ask('map', plane(1));
    const overtaken = asker.ask('turn', plane(2));
    const mapped = asker.ask('map', plane(3));
    const turned = asker.ask('turn', plane(4));
    expect(await overtaken).toBeNull();
    expect(sent).toEqual(['plane 1']);
    for (const [i, each] of [first, turned, mapped].entries()) {
      await until(() => sent.length === i + 1, 'the next inquiry');
      answer();
      expect(await each).toHaveLength(1);
    }
    expect(sent).toEqual(['plane 1', 'plane 4', 'plane 3']);
  });
});
