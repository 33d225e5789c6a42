import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkSchedule } from '../../../server/protocol/chunk-schedule.ts';
import { SCHEMES, type Scheme } from '../../../server/protocol/chunking.ts';

/** Any scheme with horizons and a delay that it has room for. */
const settings = fc
  .record({
    scheme: fc.constantFrom(...SCHEMES),
    actionHorizon: fc.integer({ min: 1, max: 12 }),
    delay: fc.nat(8),
    spare: fc.nat(6),
  })
  .filter(({ scheme, actionHorizon, delay }) => scheme === 'synchronous' || delay <= actionHorizon)
  .map(({ scheme, actionHorizon, delay, spare }) => {
    const predHorizon = actionHorizon + delay + spare;
    return { scheme, actionHorizon, predHorizon, delay: Math.min(delay, predHorizon >> 1) };
  });

type Setting = typeof settings extends fc.Arbitrary<infer T> ? T : never;

const STEPS = Array.from({ length: 80 }, (_, t) => t);
const PLANS = Array.from({ length: 90 }, (_, plan) => plan);

function scheduleOf({ scheme, delay, ...horizons }: Setting): ChunkSchedule {
  return new ChunkSchedule({ scheme, delay }, horizons);
}

function holds(law: (schedule: ChunkSchedule, setting: Setting) => void): void {
  fc.assert(fc.property(settings, (setting) => law(scheduleOf(setting), setting)));
}

/** "plan:row" of what acts at each control step from 0 on; "–" where the arm waits. */
function written(setting: Setting, steps: number): string {
  const schedule = scheduleOf(setting);
  return STEPS.slice(0, steps)
    .map((t) => schedule.acting(t).map(({ plan, row }) => `${plan}:${row}`))
    .map((rows) => rows.join('+') || '–')
    .join(' ');
}

describe('what acts when', () => {
  const horizons = { actionHorizon: 3, predHorizon: 6, delay: 2 };

  it.each<[Scheme, string]>([
    ['synchronous', '0:0 0:1 0:2 – – 1:0 1:1 1:2 – – 2:0 2:1'],
    ['asynchronous', '0:0 0:1 0:2 0:3 0:4 1:2 1:3 1:4 2:2 2:3 2:4 3:2'],
    ['real-time', '0:0 0:1 0:2 0:3 0:4 1:2 1:3 1:4 2:2 2:3 2:4 3:2'],
    [
      'ensembling',
      '0:0 0:1 0:2 0:3 0:4+1:2 0:5+1:3 1:4+2:2 1:5+2:3 2:4+3:2 2:5+3:3 3:4+4:2 3:5+4:3',
    ],
  ])('%s, with Ta = 3, Tp = 6 and d = 2', (scheme, expected) => {
    expect(written({ scheme, ...horizons }, 12)).toBe(expected);
  });
});

describe('every schedule', () => {
  it('acts only on plans that are there, within their chunks, with weights that sum to 1', () => {
    holds((schedule, { predHorizon }) => {
      for (const t of STEPS) {
        const rows = schedule.acting(t);
        const wrong = rows.filter(
          ({ plan, row }) => !(schedule.arrivesAt(plan) <= t && row >= 0 && row < predHorizon),
        );
        expect(wrong).toEqual([]);
        const total = rows.reduce((sum, { weight }) => sum + weight, 0);
        if (rows.length > 0) expect(total).toBeCloseTo(1, 12);
      }
    });
  });

  it('makes one plan at a time, and a plan takes the delay', () => {
    holds((schedule, { delay }) => {
      for (const plan of PLANS.slice(1)) {
        expect(schedule.askedAt(plan)).toBeGreaterThanOrEqual(schedule.arrivesAt(plan - 1));
        expect(schedule.askedAt(plan)).toBeGreaterThan(schedule.askedAt(plan - 1));
        expect(schedule.arrivesAt(plan) - schedule.askedAt(plan)).toBe(delay);
      }
    });
  });

  it('has its seams where a plan arrives, and nowhere else', () => {
    holds((schedule) => {
      const arrivals = new Set(PLANS.slice(1).map((plan) => schedule.arrivesAt(plan)));
      expect(STEPS.map((t) => schedule.isSeam(t))).toEqual(STEPS.map((t) => arrivals.has(t)));
    });
  });

  it('but the synchronous one never waits, and that one waits d after Ta actions', () => {
    holds((schedule, { scheme, actionHorizon, delay }) => {
      const acts = STEPS.map((t) => schedule.acting(t).length > 0);
      const cycle = actionHorizon + delay;
      expect(acts).toEqual(STEPS.map((t) => scheme !== 'synchronous' || t % cycle < actionHorizon));
    });
  });

  it('but the synchronous one acts on what was planned for the present', () => {
    holds((schedule, { scheme }) => {
      if (scheme === 'synchronous') return;
      const apart = STEPS.filter((t) =>
        schedule.acting(t).some(({ plan, row }) => schedule.askedAt(plan) + row !== t),
      );
      expect(apart).toEqual([]);
    });
  });
});

it('without delay all but the ensembling one are the same', () => {
  holds((_, { actionHorizon, predHorizon }) => {
    const [synchronous, ...others] = (['synchronous', 'asynchronous', 'real-time'] as const).map(
      (scheme) => written({ scheme, delay: 0, actionHorizon, predHorizon }, 60),
    );
    for (const other of others) expect(other).toBe(synchronous);
  });
});

describe('the ensembling schedule', () => {
  it('counts in every plan that is there and speaks of the present, the oldest first', () => {
    holds((_, setting) => {
      const schedule = scheduleOf({ ...setting, scheme: 'ensembling' });
      for (const t of STEPS) {
        const speaking = PLANS.filter(
          (plan) =>
            schedule.arrivesAt(plan) <= t && t - schedule.askedAt(plan) < setting.predHorizon,
        );
        expect(schedule.acting(t).map(({ plan }) => plan)).toEqual(speaking);
      }
    });
  });

  it('gives plan i the weight exp(−0.01·i), as published', () => {
    const schedule = new ChunkSchedule(
      { scheme: 'ensembling', delay: 0 },
      { actionHorizon: 8, predHorizon: 16 },
    );
    const weights = schedule.acting(40).map(({ weight }) => weight);
    expect(weights).toHaveLength(16);
    weights.forEach((weight, i) => {
      expect(weight / weights[0]).toBeCloseTo(Math.exp(-0.01 * i), 12);
    });
  });
});

describe('a delay', () => {
  const horizons = { actionHorizon: 20, predHorizon: 32 };

  it.each<[Scheme, number]>([
    ['asynchronous', 12],
    ['real-time', 12],
    ['ensembling', 16],
  ])('of %s is refused beyond %d, where a plan of 32 gives 20 actions', (scheme, most) => {
    expect(() => new ChunkSchedule({ scheme, delay: most }, horizons)).not.toThrow();
    expect(() => new ChunkSchedule({ scheme, delay: most + 1 }, horizons)).toThrow(
      expect.objectContaining({
        code: 'invalid-request',
        message: expect.stringContaining(
          `expected at most ${most} control steps for ${scheme}, where 20 of 32 actions of a plan ` +
            `are carried out, got ${most + 1}`,
        ),
      }),
    );
  });

  it('is refused beyond the action horizon: the next plan would be asked for before this one came', () => {
    const short = { actionHorizon: 4, predHorizon: 32 };
    expect(() => new ChunkSchedule({ scheme: 'real-time', delay: 5 }, short)).toThrow(/at most 4/);
  });

  it('may be any where the arm waits', () => {
    const schedule = new ChunkSchedule({ scheme: 'synchronous', delay: 100 }, horizons);
    expect(schedule.acting(119)).toEqual([]);
    expect(schedule.acting(120)).toEqual([{ plan: 1, row: 0, weight: 1 }]);
  });
});
