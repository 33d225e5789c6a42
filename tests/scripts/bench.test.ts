import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { fitLine } from '../../scripts/bench/measure.ts';
import { startManyCli } from '../support/cli.ts';

vi.setConfig({ testTimeout: 300_000 });

const { run: cli } = startManyCli();

const positive = z.number().positive();
const least0 = z.number().min(0);
const timing = z
  .object({ min: positive, p50: positive, p90: positive, p99: positive, max: positive })
  .refine(({ min, p50, p90, p99, max }) => min <= p50 && p50 <= p90 && p90 <= p99 && p99 <= max);

const report = z.object({
  machine: z.string().min(1),
  load: z.tuple([z.number(), z.number()]),
  threads: z.int().min(1),
  engine: z.string().regex(/ONNX Runtime \d/),
  results: z
    .array(
      z.object({
        name: z.string(),
        net: z.string().regex(/^\[[\d,]+\]$/),
        batch: z.int().min(1),
        ms: positive,
        timing,
        flops: positive,
        plainFlops: positive,
        peakGflops: positive,
        shareOfPeak: positive,
        peer: z.null(),
        cpuMs: positive,
        peerMs: z.null(),
        ratio: z.null(),
        cpuRatio: z.null(),
      }),
    )
    .min(1),
});

async function json(words: string): Promise<unknown> {
  const { code, stdout } = await cli(...words.split(' '));
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe('bench train --json', () => {
  it('has everything the design promises, its figures in accord', async () => {
    const { results } = report.parse(
      await json('bench train --net 8,16 --batch 16 --calls 10 --json'),
    );
    expect(results).toHaveLength(1);
    const [{ net, batch, ms, timing, flops, peakGflops, shareOfPeak }] = results;
    expect([net, batch, ms]).toEqual(['[8,16]', 16, timing.p50]);
    expect(shareOfPeak).toBeCloseTo(flops / (ms * 1e6) / peakGflops, 9);
    expect(shareOfPeak).toBeLessThan(1);
  });

  it('--profile says which operators the time goes to', async () => {
    const { operators } = z
      .object({
        operators: z.array(
          // ONNX Runtime's clock counts microseconds: the fastest of a small node may take none.
          z.object({ operator: z.string(), nodes: z.int().min(1), ms: least0, share: least0 }),
        ),
      })
      .parse(await json('bench train --net 8,16 --batch 16 --calls 5 --profile --json'));
    expect(operators.map(({ operator }) => operator)).toContain('Gemm');
    expect(operators.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  });
});

describe('bench pictures --json', () => {
  it('measures one training step, and one picture whose steps ask twice each', async () => {
    const { results } = report.parse(
      await json('bench pictures --size 16 --net 8 --batch 2 --calls 5 --json'),
    );
    expect(results.map(({ name, batch }) => [name, batch])).toEqual([
      ['training step', 2],
      ['picture, 20 steps, w = 4', 1],
    ]);
    const [step, picture] = results.map(({ plainFlops }) => plainFlops);
    // A step asks about two pictures, forwards and, at twice the cost, backwards; a picture 40 times.
    expect(picture / step).toBeGreaterThan(0.9 * (40 / 6));
    expect(picture / step).toBeLessThan(1.1 * (40 / 6));
  });
});

describe('bench infer --json', () => {
  it('measures one network call and a plan of four', async () => {
    const { results } = report.parse(await json('bench infer --net 8,16 --calls 10 --json'));
    expect(results.map(({ name }) => name)).toEqual(['network call', 'flow plan, 4 steps']);
    // The observation is encoded once for all four.
    expect(results[1].flops).toBeGreaterThan(3 * results[0].flops);
    expect(results[1].flops).toBeLessThanOrEqual(4 * results[0].flops);
  });
});

describe('bench sim --json', () => {
  it('gives the time of a control step', async () => {
    const measured = z
      .object({ machine: z.string(), controlStepMs: timing, realTimeFactor: positive })
      .parse(await json('bench sim --episodes 1 --json'));
    expect(measured.realTimeFactor).toBeCloseTo(50 / measured.controlStepMs.p50, 9);
  });
});

describe('bench memory --json', () => {
  it('gives what a training step and a program leave, with the standard error', async () => {
    // A process that grows by nothing, or by the same each time, leaves no error.
    const slope = z.object({ slope: z.number(), error: least0 });
    const growth = z.object({ times: z.int(), rss: slope, heap: slope, resident: positive });
    const { results } = z
      .object({ engine: z.string(), results: z.array(growth.extend({ name: z.string() })) })
      .parse(await json('bench memory --steps 100 --programs 10 --json'));
    expect(results).toMatchObject([
      { name: 'training step', times: 100 },
      { name: 'program', times: 10 },
    ]);
  });
});

describe('a line of best fit', () => {
  it('has the slope and the standard error of the textbook', () => {
    // y = 1 + 2x with errors 1, −1, −1, 1: they change no slope; s² = 4/2, Σ(x − x̄)² = 5.
    const { slope, error } = fitLine([0, 1, 2, 3], [2, 2, 4, 8]);
    expect(slope).toBeCloseTo(2, 12);
    expect(error).toBeCloseTo(Math.sqrt(2 / 5), 12);
  });
});

describe('bench --peer torch', () => {
  it('where there is no such Python says what it wants', async () => {
    const words = 'bench infer --net 8,16 --calls 5 --peer torch --python no-such-python';
    const { code, stderr } = await cli(...words.split(' '));
    expect(code).toBe(1);
    expect(stderr).toMatch(/expected python3 with numpy torch, got ".*no-such-python.*pip install/);
  });

  it('wants networks it can build', async () => {
    const { code, stderr } = await cli(...'bench train --net 7'.split(' '));
    expect(code).toBe(2);
    expect(stderr).toMatch(/multiples of 8.*got "7"/);
  });
});

describe('bench rollouts --json', () => {
  it('gives rollouts a second of both ways, on the same rollouts', async () => {
    const way = z.object({ processes: z.int().min(1), batch: z.int().min(1), seconds: positive });
    const { ways, speedup } = z
      .object({
        rollouts: z.literal(2),
        ways: z.tuple([
          way.extend({ batch: z.literal(1), rolloutsPerSecond: positive, successes: z.int() }),
          way.extend({ rolloutsPerSecond: positive, successes: z.int() }),
        ]),
        speedup: positive,
      })
      .parse(await json('bench rollouts --policies l2 --rollouts 2 --json'));
    for (const { seconds, rolloutsPerSecond } of ways) {
      expect(rolloutsPerSecond * seconds).toBeCloseTo(2, 6);
    }
    expect(ways[1].successes).toBe(ways[0].successes);
    expect(speedup).toBeCloseTo(ways[1].rolloutsPerSecond / ways[0].rolloutsPerSecond, 9);
  });
});
