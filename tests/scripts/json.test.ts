/**
 * What `--json` prints, against schemas written from the design alone: other programs rely on
 * these names. More may be there; nothing may be missing.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type CliResult, cli, startManyCli } from '../support/cli.ts';
import { lendPrograms } from '../support/programs.ts';
import { temporaryDirectory } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const count = z.int().min(0);
const milliseconds = z.number().min(0);
const share = z.number().min(0).max(1);

const proportion = z
  .object({ k: count, n: count, rate: share, ci95: z.tuple([share, share]) })
  .refine(({ k, n, rate }) => Math.abs(rate - k / n) < 1e-9)
  .refine(({ rate, ci95: [low, high] }) => low <= rate && rate <= high);

const peak = z
  .object({ mean: z.number().min(0), max: z.number().min(0) })
  .refine(({ mean, max }) => mean <= max);

const percentiles = z
  .object({
    p50: milliseconds,
    p90: milliseconds,
    p95: milliseconds,
    p99: milliseconds,
    max: milliseconds,
  })
  .refine(({ p50, p90, p95, p99, max }) => p50 <= p90 && p90 <= p95 && p95 <= p99 && p99 <= max);

const judgement = z.object({
  verdict: z.enum(['better', 'worse', 'same', 'open']),
  difference: z.number().min(-1).max(1),
  eValue: z.number().min(0),
  adjustedEValue: z.number().min(0),
  pairs: count,
  starts: count,
  morePairs: count.nullable(),
});

const policyResult = z.object({
  letters: z
    .string()
    .regex(/^[a-h]+$/)
    .optional(),
  name: z.enum(['l2', 'lstm', 'diffusion', 'flow', 'reflow']),
  run: z.string().nullable(),
  sampler: z.string(),
  nfe: z.int().min(1),
  actionHorizon: z.int().min(1),
  success: proportion,
  contact: proportion,
  modes: z.strictObject({ left: count, right: count }),
  modeEntropy: share,
  modeEntropyCi95: z.tuple([share, share]),
  conditionalEntropy: share,
  klToDemos: z.number().min(0).nullable(),
  invalidMiddle: proportion,
  modeSwitchRate: share,
  seamJump: z.number().min(0),
  stepsToSuccess: z.number().min(1).nullable(),
  plansToDecision: z.number().min(1).nullable(),
  jerk: peak,
  seamVelocity: peak.nullable(),
  latencyMs: z.object({
    chunk: percentiles,
    perStep: percentiles,
    firstCall: milliseconds,
    n: z.int().min(1),
  }),
});

const comparison = z.object({
  task: z.literal('left-right'),
  seed: count,
  rollouts: z.int().min(1),
  starts: z.int().min(1),
  engine: z.string().min(1),
  policies: z.array(policyResult),
  paired: z.array(z.object({ a: z.string(), b: z.string(), mcnemarP: share, judged: judgement })),
  leastP: share,
});

const delays = z.object({
  task: z.literal('left-right'),
  seed: count,
  rollouts: z.int().min(1),
  starts: z.int().min(1),
  engine: z.string().min(1),
  results: z.array(
    z.object({
      name: z.string(),
      run: z.string().nullable(),
      sampler: z.string(),
      nfe: z.int().min(1),
      actionHorizon: z.int().min(1),
      scheme: z.enum(['synchronous', 'asynchronous', 'ensembling', 'real-time']),
      delay: count,
      success: proportion,
      contact: proportion,
      modes: z.strictObject({ left: count, right: count }),
      modeSwitchRate: share,
      seam: z.object({
        jump: z.number().min(0).nullable(),
        beside: z.number().min(0).nullable(),
        ratio: z.number().min(0).nullable(),
      }),
      stepsToSuccess: z.number().min(1).nullable(),
    }),
  ),
});

const spread = percentiles.extend({ p999: milliseconds });

const latency = z.object({
  engine: z.string().min(1),
  threads: z.int().min(1),
  cpu: z.string().min(1),
  sampler: z.string(),
  nfe: z.int().min(1),
  n: z.int().min(1),
  stages: z.strictObject({
    observe: spread,
    normalize: spread,
    network: spread,
    denormalize: spread,
    encode: spread,
    queue: spread,
  }),
  chunkMs: spread,
  perStepMs: spread,
  observationAgeMs: spread,
  garbage: z.strictObject({ collections: count, ms: milliseconds, longestMs: milliseconds }),
  overheadMs: milliseconds,
  deadline: z.object({
    hz: z.number().positive(),
    blockingMs: z.number().positive(),
    aheadMs: z.number().positive(),
    missed: count,
    starvedTicks: count,
    delaySteps: count,
  }),
  eventLoopLagMs: z.object({ p50: milliseconds, p99: milliseconds, max: milliseconds }),
});

const dataset = z.object({
  name: z.string(),
  task: z.literal('left-right'),
  controlHz: z.union([z.literal(20), z.literal(50)]),
  episodes: count,
  frames: count,
  modes: z.strictObject({ left: count, right: count }),
  successes: count,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

const many = startManyCli();

let data: string;
let run: string;
beforeAll(async () => {
  data = await temporaryDirectory();
  await lendPrograms(data);
  const generate = 'demos generate --out pair --episodes 2 --seed 3 --json';
  const made = dataset.parse(await json(...generate.split(' ')));
  expect(made).toMatchObject({ name: 'pair', episodes: 2, modes: { left: 1, right: 1 } });
  const train = 'train --policy diffusion --dataset pair --steps 3 --seed 5 --json';
  const trained = z
    .object({
      id: z.string(),
      status: z.literal('done'),
      step: z.literal(3),
      loss: z.number(),
      seconds: z.number().positive(),
      engine: z.string(),
      policy: z.literal('diffusion'),
      dataset: z.object({ name: z.literal('pair'), hash: z.literal(made.hash) }),
      warnings: z.array(z.string()).min(1),
    })
    .parse(await json(...train.split(' ')));
  run = trained.id;
});

/** The one JSON document a command prints, in a process of its own: nothing else is on standard output. */
async function json(...args: readonly string[]): Promise<unknown> {
  return documentOf(await cli(...args, '--data', data));
}

/** The same of commands in one process, which loads the program once. */
async function quickJson(...args: readonly string[]): Promise<unknown> {
  return documentOf(await many.run(...args, '--data', data));
}

function documentOf({ code, stdout, stderr }: CliResult): unknown {
  expect(stderr).not.toMatch(/^error/m);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe('compare --json', () => {
  it('has everything the design promises', async () => {
    const args = 'compare --policies l2,flow --rollouts 2 --nfe 1 --seed 7 --json';
    const result = comparison.parse(await json(...args.split(' '), '--action-horizon', '32'));
    expect(result).toMatchObject({ seed: 7, rollouts: 2, starts: 1 });
    expect(result.policies.map(({ name }) => name)).toEqual(['l2', 'flow']);
    for (const { run: id, success, actionHorizon, latencyMs } of result.policies) {
      expect(id).toBeNull();
      expect(success.n).toBe(2);
      expect(actionHorizon).toBe(32);
      expect(latencyMs.perStep.p50).toBeCloseTo(latencyMs.chunk.p50 / 32, 9);
    }
    expect(result.paired.map(({ a, b }) => [a, b])).toEqual([['l2', 'flow']]);
  });
});

describe('compare --until decided --json', () => {
  it('tells l2 and flow apart after six pairs, and says what that saved', async () => {
    const args = 'compare --policies l2,flow --rollouts 50 --until decided --json';
    const document = await quickJson(...args.split(' '));
    const { policies, paired, rollouts } = comparison.parse(document);
    expect(rollouts).toBe(50);
    expect(document).toMatchObject({ ended: { when: 'decided', taken: 12, saved: 88 } });
    expect(policies).toMatchObject([
      { letters: 'b', success: { k: 0, n: 6 } },
      { letters: 'a', success: { k: 6, n: 6 } },
    ]);
    expect(paired).toMatchObject([{ judged: { verdict: 'worse', pairs: 6, difference: -1 } }]);
  });
});

describe('compare --action-horizons --json', () => {
  it('is a comparison for each horizon', async () => {
    const args = 'compare --policies flow:one-step --rollouts 1 --action-horizons 16,32 --json';
    const results = z.array(comparison).parse(await quickJson(...args.split(' ')));
    expect(results.flatMap(({ policies }) => policies)).toMatchObject([
      { sampler: 'one-step', nfe: 1, actionHorizon: 16 },
      { sampler: 'one-step', nfe: 1, actionHorizon: 32 },
    ]);
  });
});

describe('compare --delays --json', () => {
  it('is a line for each policy, scheme and delay', async () => {
    const args = 'compare --policies flow:one-step --rollouts 1 --delays 0,4 --json';
    const { results } = delays.parse(
      await quickJson(...args.split(' '), '--schemes', 'synchronous'),
    );
    expect(results).toMatchObject([
      { sampler: 'one-step', nfe: 1, scheme: 'synchronous', delay: 0 },
      { sampler: 'one-step', nfe: 1, scheme: 'synchronous', delay: 4 },
    ]);
  });
});

describe('lesson --json', () => {
  it('has the worked example and the fork', async () => {
    const point = z.tuple([z.number(), z.number()]);
    const path = z.object({ path: z.array(point), detour: z.number().min(0), error: z.number() });
    const { code, stdout, stderr } = await many.run(
      ...'lesson --seed 3 --steps 150 --points 200 --json'.split(' '),
    );
    expect(stderr).not.toMatch(/^error/m);
    expect(code).toBe(0);
    const report = z
      .object({
        engine: z.string(),
        seed: z.literal(3),
        workedExample: z.object({
          flow: z.object({ oneStep: path, tenSteps: path }),
          diffusion: z.array(path).length(3),
        }),
        fork: z.object({
          floor: z.number(),
          fieldError: z.object({ flow: share, diffusion: share }),
          straightness: z.object({ flow: z.number(), reflow: z.number() }),
          drawn: z.array(
            z.object({
              policy: z.string(),
              sampler: z.string(),
              nfe: z.int().min(1),
              energyDistance: z.number(),
              modes: z.tuple([share, share]),
              outside: share,
            }),
          ),
        }),
      })
      .parse(JSON.parse(stdout));
    expect(report.fork.drawn.map(({ policy }) => policy)).toContain('reflow');
    expect(report.workedExample.flow.oneStep.error).toBeLessThan(1e-2);
  });
});

describe('evaluate --json', () => {
  it('is a comparison of one, here of a run', async () => {
    const args = ['evaluate', '--run', run, '--rollouts', '3', '--nfe', '2', '--json'];
    const result = comparison.parse(await quickJson(...args));
    expect(result).toMatchObject({ rollouts: 3, starts: 1, paired: [] });
    const [only, ...others] = result.policies;
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      name: 'diffusion',
      run,
      sampler: 'ddim',
      nfe: 2,
      success: { n: 3 },
    });
    // 0.8 s of each plan at the least, where nothing is asked for.
    expect(only.actionHorizon).toBeGreaterThanOrEqual(16);
  });
});

describe('latency --json', () => {
  it('has everything the design promises', async () => {
    const args = 'latency --policy flow --nfe 1 --seconds 1 --control-hz 50 --action-horizon 4';
    const result = latency.parse(await quickJson(...args.split(' '), '--json'));
    expect(result).toMatchObject({ sampler: 'euler', nfe: 1, deadline: { hz: 50 } });
    expect(result.deadline).toMatchObject({ blockingMs: 20, aheadMs: 80 });
  });
});

describe('train --status --json', () => {
  it('has a line for each training of a grid, and begins none', async () => {
    const words = 'train --policies l2,flow --seeds 0,1 --dataset pair --steps 9 --status --json';
    const { runs } = z
      .object({
        runs: z.array(
          z.object({
            id: z.string().regex(/^(l2|flow)-[0-9a-f]{16}$/),
            policy: z.enum(['l2', 'flow']),
            preset: z.literal('quick'),
            seed: z.int(),
            steps: z.literal(9),
            status: z.literal('missing'),
            step: z.literal(0),
            loss: z.null(),
            seconds: z.literal(0),
            checkpointSha256: z.null(),
            problem: z.null(),
          }),
        ),
        secondsLeft: z.null(),
        seconds: z.number(),
      })
      .parse(await quickJson(...words.split(' ')));
    expect(runs.map(({ policy, seed }) => [policy, seed])).toEqual([
      ...[
        ['l2', 0],
        ['l2', 1],
      ],
      ...[
        ['flow', 0],
        ['flow', 1],
      ],
    ]);
  });
});

describe('demos --json', () => {
  it('check names what is odd, and an edit says what is left and what was before', async () => {
    expect(await quickJson('demos', 'check', 'pair', '--json')).toEqual({
      ...{ dataset: 'pair', looked: 2, duplicates: [], outliers: [] },
    });
    const words = ['edit', 'split', 'pair', '--json'];
    const parts = z.array(dataset).parse(await quickJson('demos', ...words));
    expect(parts.map(({ name }) => name)).toEqual(['pair-left', 'pair-right']);
    for (const { name } of parts) await quickJson('demos', 'trash', name, '--json');
  });

  it('lists datasets', async () => {
    const [only, ...others] = z.array(dataset).parse(await quickJson('demos', 'list', '--json'));
    expect(only.name).toBe('pair');
    expect(others).toEqual([]);
  });

  it('shows episodes', async () => {
    const episode = z.object({
      index: count,
      mode: z.enum(['left', 'right']),
      source: z.literal('scripted'),
      success: z.literal(true),
      contact: z.literal(false),
      length: z.int().min(1),
      replayHash: z.string().regex(/^[0-9a-f]{16}$/),
    });
    const shown = dataset
      .extend({ list: z.array(episode).length(2) })
      .parse(await quickJson('demos', 'show', 'pair', '--json'));
    expect(shown.list.reduce((sum, { length }) => sum + length, 0)).toBe(shown.frames);
  });

  it('verifies', async () => {
    expect(await quickJson('demos', 'verify', 'pair', '--json')).toEqual({
      dataset: 'pair',
      episodes: 2,
      ok: 2,
      failures: [],
    });
  });

  it('exports a copy that is a dataset again', async () => {
    const out = join(data, 'elsewhere');
    expect(await quickJson('demos', 'export', 'pair', '--out', out, '--json')).toEqual({
      dataset: 'pair',
      path: out,
    });
    expect((await readdir(out)).sort()).toEqual(['data', 'meta']);
  });

  it('moves a dataset to the trash and takes it back as it was', async () => {
    const before = await quickJson('demos', 'list', '--json');
    const trashed = z
      .strictObject({ dataset: z.literal('pair'), entry: z.string().regex(/^pair\.\d{8}T\d{9}Z$/) })
      .parse(await quickJson('demos', 'trash', 'pair', '--json'));
    expect(await quickJson('demos', 'list', '--json')).toEqual([]);
    const restored = await quickJson('demos', 'restore', trashed.entry, '--json');
    expect(dataset.parse(restored).name).toBe('pair');
    expect(await quickJson('demos', 'list', '--json')).toEqual(before);
  });
});
