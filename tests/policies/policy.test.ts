import { describe, expect, it } from 'vitest';
import {
  chooseSampler,
  type NetworkSpec,
  type ObjectiveSpec,
  SpecError,
} from '../../policies/config/index.ts';
import { createCompiledEngine, type ProgramStore } from '../../policies/engine/index.ts';
import { NetworkPolicy, type TrainedPolicy } from '../../policies/network-policy.ts';
import { ImageError, type PlannerOptions } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
import { createPlan } from '../../policies/samplers/plan.ts';
import { relativeError } from '../support/engines.ts';
import { keepingEngine } from '../support/keeping-engine.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { TINY_SPEC, tinyPolicy } from '../support/tiny-policy.ts';
import { TINY_CONDITION, tinyReader } from '../support/tiny-reader.ts';

const OBJECTIVES: readonly ObjectiveSpec[] = [
  { kind: 'regression' },
  { kind: 'diffusion', steps: 20, prediction: 'v' },
  { kind: 'flow' },
];
const LSTM: NetworkSpec = { kind: 'lstm', hidden: 12, embedding: 16 };
const POLICIES = [
  ...OBJECTIVES.map((objective) => ({ objective, network: TINY_SPEC.network })),
  { objective: OBJECTIVES[0], network: LSTM },
];

async function createPlanner(
  objective: ObjectiveSpec,
  batch: number,
  { sampler, network }: { sampler?: string; network?: NetworkSpec } = {},
) {
  const chosen = chooseSampler(objective, { sampler, nfe: sampler ? undefined : 3 });
  return prepare(tinyPolicy(objective, network), batch, { sampler: chosen });
}

function prepare(policy: TrainedPolicy, batch: number, options: PlannerOptions) {
  return new NetworkPolicy(keepingEngine(), policy).prepare(batch, options);
}

/** Flow's ways of drawing. */
const euler = (steps: number) => ({ kind: 'euler', steps }) as const;

const observationOf = (batch: number) =>
  Random.of(2)
    .fillNormal(new Float32Array(batch * 6))
    .map((x) => x / 3);
/** Streams of noise, one a row. */
const noiseOf = (batch: number, seed = 3) =>
  Array.from({ length: batch }, (_, row) => Random.of(seed, row));

describe.each(POLICIES)('a planner ($objective.kind, $network.kind)', ({ objective, network }) => {
  it('draws chunks in physical units', async () => {
    const planner = await createPlanner(objective, 4, { network });
    const { chunk: chunks } = await planner.draw(observationOf(4), noiseOf(4));
    expect(chunks).toHaveLength(4 * 8 * 2);
    // The gripper ranges over 0.08 m: even an untrained answer of a few units stays below this.
    for (let i = 1; i < chunks.length; i += 2) expect(Math.abs(chunks[i])).toBeLessThan(0.5);
  });

  it('gives a row of a batch what it gives alone', async () => {
    const together = await createPlanner(objective, 4, { network });
    const { chunk: batch } = await together.draw(observationOf(4), noiseOf(4));
    const alone = await createPlanner(objective, 1, { network });
    for (let row = 0; row < 4; row++) {
      const observation = observationOf(4).slice(row * 6, (row + 1) * 6);
      const { chunk } = await alone.draw(observation, [noiseOf(4)[row]]);
      expect(relativeError(chunk, batch.subarray(row * 16, (row + 1) * 16))).toBeLessThan(1e-4);
    }
  });
});

describe('the noise', () => {
  it('decides what a generative policy does, and nothing of what a regression does', async () => {
    for (const { objective, network } of POLICIES) {
      const planner = await createPlanner(objective, 2, { network });
      const { chunk: first } = await planner.draw(observationOf(2), noiseOf(2, 3));
      const { chunk: second } = await planner.draw(observationOf(2), noiseOf(2, 4));
      if (objective.kind === 'regression') expect(second).toEqual(first);
      else expect(relativeError(second, first)).toBeGreaterThan(0.01);
    }
  });
});

describe('a stochastic sampler', () => {
  it.each([10, 20])('draws from the rows’ own streams at every step, K = %d', async (steps) => {
    const objective = { kind: 'diffusion', steps, prediction: 'v' } as const;
    const planner = await createPlanner(objective, 2, { sampler: 'ddpm' });
    const { chunk: chunks } = await planner.draw(observationOf(2), noiseOf(2));
    expect(chunks.every(Number.isFinite)).toBe(true);
    expect((await planner.draw(observationOf(2), noiseOf(2))).chunk).toEqual(chunks);
    // Another stream for the second row changes the second row alone.
    const [first, second] = [noiseOf(2)[0], Random.of(99)];
    const { chunk: other } = await planner.draw(observationOf(2), [first, second]);
    expect(other.subarray(0, 16)).toEqual(chunks.subarray(0, 16));
    expect(other.subarray(16)).not.toEqual(chunks.subarray(16));
  });
});

describe('a planner whose programs are kept', () => {
  // Of one program for all steps, and of one that is looped.
  it.each([2, 20])('takes up none of another guidance or plan, NFE %d', async (nfe) => {
    const programs = new MemoryStore();
    // Of one resolution: making its programs, 24 times, is what takes the time here.
    const network = { ...TINY_SPEC.network, channels: [8] } as NetworkSpec;
    const trained = tinyReader({ kind: 'flow' }, TINY_CONDITION, network);
    const look = async (options: PlannerOptions, kept?: ProgramStore) => {
      const engine = createCompiledEngine(kept ? { programs: kept } : {});
      const policy = new NetworkPolicy(engine, trained);
      const planner = await policy.prepare(2, { sampler: euler(nfe), ...options });
      const said = { instructions: ['red', 'green'] };
      const { chunk, attention } = await planner.draw(observationOf(2), noiseOf(2), said);
      return { chunk, attention };
    };
    const choices = [0, 1, 2, 3].flatMap((guidance) => [
      { guidance },
      { guidance, attention: true },
    ]);
    const made = [];
    for (const choice of choices) made.push(await look(choice));
    // Once while they are made and once when all of them are there.
    for (const [i, choice] of [...choices, ...choices].entries()) {
      expect(await look(choice, programs)).toEqual(made[i % choices.length]);
    }
    expect(programs.entries.size).toBe(choices.length);
  });
});

describe('a planner of a policy that reads', () => {
  const create = (options?: PlannerOptions, objective: ObjectiveSpec = { kind: 'flow' }) =>
    prepare(tinyReader(objective), 2, {
      sampler: chooseSampler(objective, { nfe: 3 }),
      ...options,
    });
  const told = ['the red apple', 'the green apple'];

  it('does for each row as it is told', async () => {
    const planner = await create();
    const { chunk: chunks } = await planner.draw(observationOf(2), noiseOf(2), {
      instructions: told,
    });
    const { chunk: other } = await planner.draw(observationOf(2), noiseOf(2), {
      instructions: [told[0], told[0]],
    });
    expect(other.subarray(0, 16)).toEqual(chunks.subarray(0, 16));
    expect(other.subarray(16)).not.toEqual(chunks.subarray(16));
  });

  it('takes no word as silence', async () => {
    const planner = await create();
    const { chunk: silent } = await planner.draw(observationOf(2), noiseOf(2), {
      instructions: ['', ''],
    });
    expect((await planner.draw(observationOf(2), noiseOf(2))).chunk).toEqual(silent);
  });

  it('ignores what it is told with guidance 0, and exaggerates it above 1', async () => {
    const draw = async (guidance: number, instructions: string[] = []) =>
      (await (await create({ guidance })).draw(observationOf(2), noiseOf(2), { instructions }))
        .chunk;
    const silent = await draw(1);
    expect(relativeError(await draw(0, told), silent)).toBeLessThan(1e-6);
    expect(relativeError(await draw(1, told), silent)).toBeGreaterThan(1e-6);
    expect(relativeError(await draw(20, told), silent)).toBeGreaterThan(
      relativeError(await draw(1, told), silent),
    );
  });

  it.each([
    ['in one program', 3],
    ['in a program that is looped', 20],
  ])('shows where it looked in every network evaluation, %s', async (_, steps) => {
    const objective = { kind: 'diffusion', steps: 20, prediction: 'v' } as const;
    const sampler = { kind: 'ddim', steps, eta: 0 } as const;
    const options = { sampler, attention: true, guidance: 2 };
    const planner = await prepare(tinyReader(objective), 2, options);
    const { chunk, attention } = await planner.draw(observationOf(2), noiseOf(2), {
      instructions: told,
    });
    const again = await planner.draw(observationOf(2), noiseOf(2), { instructions: told });
    expect(again.chunk).toEqual(chunk);
    const times = createPlan(objective, sampler).map(({ time }) => time);
    expect(attention.map(({ time }) => time)).toEqual(times);
    for (const { blocks } of attention) {
      expect([...blocks.keys()]).toHaveLength(4);
      for (const { shape, data } of blocks.values()) {
        // Six words and two things observed.
        expect(shape.at(-1)).toBe(8);
        expect(shape[0]).toBe(2);
        const sums = Array.from({ length: data.length / 8 }, (_, row) =>
          data.subarray(8 * row, 8 * row + 8).reduce((sum, weight) => sum + weight),
        );
        for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
      }
    }
  });

  it.each([
    ['in one program', 3],
    ['in a program that is looped', 20],
  ])('makes the same plan to the bit where it keeps where it looked, %s', async (_, nfe) => {
    for (const guidance of [0, 1, 2.5]) {
      const draw = async (attention: boolean) => {
        const options = { sampler: euler(nfe), guidance, attention };
        const planner = await prepare(tinyReader(), 2, options);
        return planner.draw(observationOf(2), noiseOf(2), { instructions: told });
      };
      const [blind, looking] = [await draw(false), await draw(true)];
      expect(blind.attention).toEqual([]);
      expect(looking.attention).toHaveLength(nfe);
      expect(looking.chunk).toStrictEqual(blind.chunk);
    }
  });

  it('reports the words it does not know', async () => {
    const planner = await create();
    expect(await planner.read('the purple apple')).toMatchObject({
      tokens: ['<start>', 'the', 'purple', 'apple'],
      unknown: ['purple'],
    });
  });

  it('refuses an instruction that is too long', async () => {
    const planner = await create();
    const draw = planner.draw(observationOf(2), noiseOf(2), {
      instructions: ['the '.repeat(6)],
    });
    await expect(draw).rejects.toThrow('at most 5 words, got 6');
  });

  it.each([-1, 101, Number.NaN])('refuses a guidance of %d', async (guidance) => {
    await expect(create({ guidance })).rejects.toThrow('from 0 to 100');
  });
});

describe('a planner of a policy that does not read', () => {
  const sampler = euler(1);

  it('refuses guidance, and says what would take it', async () => {
    const planner = prepare(tinyPolicy(), 1, { sampler, guidance: 2 });
    await expect(planner).rejects.toThrow(SpecError);
    await expect(planner).rejects.toThrow('a policy trained on a task with a language');
  });

  it('refuses to be told anything', async () => {
    const planner = await prepare(tinyPolicy(), 1, { sampler });
    const draw = planner.draw(observationOf(1), noiseOf(1), {
      instructions: ['the red apple'],
    });
    await expect(draw).rejects.toThrow('reads none, got "the red apple"');
    await expect(planner.read('the red apple')).rejects.toThrow('reads none');
  });
});

describe('a policy whose instructions were never dropped', () => {
  it('refuses guidance: it has not learnt to act without', async () => {
    const { condition = expect.fail() } = tinyReader().spec;
    const policy = tinyReader(
      { kind: 'flow' },
      { ...condition, text: { ...condition.text, dropRate: 0 } },
    );
    const planner = prepare(policy, 1, { sampler: euler(1), guidance: 0 });
    await expect(planner).rejects.toThrow('never dropped in training, got 0');
  });
});

describe('a planner of a policy with a camera', () => {
  const { condition = expect.fail() } = tinyReader().spec;
  const looking = { ...condition, image: { size: 32, channels: 8, points: 4 } };
  const BYTES = 3 * 32 * 32;
  const picture = (seed: number) => {
    const random = Random.of(seed);
    return Uint8Array.from({ length: 2 * BYTES }, () => random.below(256));
  };
  const create = (guidance = 1) =>
    prepare(tinyReader({ kind: 'flow' }, looking), 2, { sampler: euler(2), guidance });

  it.each([1, 0, 3])(
    'acts on what it sees, each row on its own picture, guidance %d',
    async (w) => {
      const planner = await create(w);
      const draw = async (images: Uint8Array) => {
        const told = { instructions: ['the red apple'], images };
        return (await planner.draw(observationOf(2), noiseOf(2), told)).chunk;
      };
      const [one, two] = [picture(1), picture(2)];
      const chunks = await draw(one);
      const mixed = one.slice();
      mixed.set(two.subarray(BYTES), BYTES);
      const other = await draw(mixed);
      expect(other.subarray(0, 16)).toEqual(chunks.subarray(0, 16));
      expect(other.subarray(16)).not.toEqual(chunks.subarray(16));
    },
  );

  it.each([
    ['pictures of another size', new Uint8Array(2 * 3 * 16 * 16)],
    ['none', undefined],
  ])('refuses %s, and says which it takes', async (_, images) => {
    const planner = await create();
    const draw = planner.draw(observationOf(2), noiseOf(2), images ? { images } : {});
    await expect(draw).rejects.toThrow(ImageError);
    await expect(draw).rejects.toThrow('2 pictures of 32 × 32 × 3 bytes');
  });

  it('is the only one to be shown pictures', async () => {
    const planner = await prepare(tinyPolicy(), 1, { sampler: euler(1) });
    const draw = planner.draw(observationOf(1), noiseOf(1), { images: picture(1) });
    await expect(draw).rejects.toThrow('no pictures for a policy without a camera');
  });
});
