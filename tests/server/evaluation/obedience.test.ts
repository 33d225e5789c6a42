import { describe, expect, it } from 'vitest';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { NetworkPolicy, type TrainedPolicy } from '../../../policies/network-policy.ts';
import { createNetwork, networkShape } from '../../../policies/networks/create.ts';
import { Random } from '../../../policies/random.ts';
import { vocabularyOf } from '../../../policies/text/index.ts';
import { NO_MOTION, NO_SQUARES } from '../../../server/acting/motion.ts';
import { lookAt } from '../../../server/evaluation/attention.ts';
import type { GridResult } from '../../../server/evaluation/evaluate.ts';
import {
  obedienceCells,
  summarizeObedience,
  type ToldCell,
} from '../../../server/evaluation/obedience.ts';
import { ProtocolError } from '../../../server/protocol/errors.ts';
import { ACTION_DIM, findTask } from '../../../sim/index.ts';
import { colourLanguage } from '../../../sim/tasks/left-right-colour/language.ts';
import { rapier } from '../../support/simulation.ts';
import { TINY_CONDITION, TINY_READER_SPEC } from '../../support/tiny-reader.ts';

const task = findTask('left-right-colour');
const { phrases, understand } = colourLanguage;

describe('the rollouts that test obedience', () => {
  const cells = obedienceCells(task, 90, 3);
  const told = cells.filter(({ instruction }) => instruction !== '');
  const silent = cells.filter(({ instruction }) => instruction === '');

  it('tell in held-out sentences, each from a start of its own', () => {
    const heldOut = new Set(phrases.filter((phrase) => phrase.heldOut).map(({ text }) => text));
    expect(told).toHaveLength(90);
    expect(told.every(({ instruction }) => heldOut.has(instruction))).toBe(true);
    expect(new Set(told.map(({ start }) => start)).size).toBe(90);
    expect(new Set(told.map(({ instruction }) => instruction)).size).toBeGreaterThan(30);
  });

  it('name the object, the side, or both, a third each', () => {
    const kinds = told.map(({ instruction }) => {
      const { object, mode } = understand(instruction);
      return `${object === null ? '' : 'object'}${mode === null ? '' : 'side'}`;
    });
    for (const kind of ['object', 'side', 'objectside']) {
      expect(kinds.filter((each) => each === kind)).toHaveLength(30);
    }
  });

  it('end with half as many from one start that are told nothing', () => {
    expect(silent).toHaveLength(45);
    expect(new Set(silent.map(({ start }) => start)).size).toBe(1);
    expect(new Set(cells.map(({ noise }) => noise)).size).toBe(cells.length);
  });

  it('are the same for the same seed', () => {
    expect(obedienceCells(task, 90, 3)).toEqual(cells);
    expect(obedienceCells(task, 90, 4)).not.toEqual(cells);
  });

  it('say all that people said in words of their own, where that is asked for', () => {
    const { sayings } = colourLanguage;
    const unseen = obedienceCells(task, 2 * sayings.length, 3, 'unseen');
    const said = unseen.map(({ instruction }) => instruction).filter((text) => text !== '');
    const texts = sayings.map(({ text }) => text);
    expect(said).toEqual([...texts, ...texts]);
  });

  it('need a task in which one can be told something', () => {
    const plan = () => obedienceCells(findTask('left-right'), 9, 0);
    expect(plan).toThrow(ProtocolError);
    expect(plan).toThrow('left-right has no language');
  });
});

/** Of a rollout in which nothing happens. */
const RESULT: GridResult = {
  start: 0,
  noise: 0,
  lifted: null,
  mode: null,
  success: false,
  contact: false,
  steps: 100,
  firstPlan: null,
  plans: [],
  replayHash: '',
  switched: false,
  seam: NO_SQUARES,
  motion: NO_MOTION,
};

describe('the summary', () => {
  const cell = (instruction: string, noise: number): ToldCell => ({
    start: 0,
    noise,
    instruction,
  });
  const result = (lifted: string | null, mode: string | null, success: boolean): GridResult => ({
    ...RESULT,
    ...{ lifted, mode, success },
    contact: mode === null,
    firstPlan: mode,
  });

  it('counts the ball and the side each where they were named', () => {
    const cells = [
      cell('hand me the red apple', 0),
      cell('hand me the red apple', 1),
      cell('take a ball from the left', 2),
      cell('take the green ball from the right', 3),
      cell('', 4),
      cell('', 5),
    ];
    const results = [
      result('red', 'left', true),
      result('green', 'left', false),
      result('green', 'left', true),
      result(null, null, false),
      result('red', 'left', true),
      result('green', 'right', true),
    ];
    const summary = summarizeObedience(task, cells, results);
    expect(summary.success).toMatchObject({ k: 2, n: 4 });
    expect(summary.rightObject).toMatchObject({ k: 1, n: 3 });
    expect(summary.wrongObject).toMatchObject({ k: 1, n: 3 });
    expect(summary.rightSide).toMatchObject({ k: 1, n: 2 });
    expect(summary.contact).toMatchObject({ k: 1, n: 4 });
    expect(summary.silence).toMatchObject({
      success: { k: 2, n: 2 },
      modeEntropy: 1,
      objects: { red: 1, green: 1 },
    });
  });
});

describe('obeying', () => {
  it('takes the ball and the side, as far as they were named', () => {
    const cells = ['go leftwards and lift the scarlet sphere', 'take a ball from the left'];
    const told = cells.map((instruction, noise) => ({ start: 0, noise, instruction }));
    const all = { ...RESULT, lifted: 'red', success: true };
    const obeyed = (mode: string) =>
      summarizeObedience(task, told, [
        { ...all, mode },
        { ...all, mode },
      ]).obeyed;
    expect(obeyed('left')).toMatchObject({ k: 2, n: 2 });
    expect(obeyed('right')).toMatchObject({ k: 0, n: 2 });
  });
});

describe('looking', () => {
  const spec = {
    ...TINY_READER_SPEC,
    task: task.name,
    condition: {
      ...TINY_CONDITION,
      text: {
        ...TINY_CONDITION.text,
        vocabulary: vocabularyOf(phrases.map(({ text }) => text)),
        tokens: 16,
      },
      observed: [
        { name: 'state', size: 8 },
        { name: 'red', size: 3 },
        { name: 'green', size: 3 },
        { name: 'tcp', size: 3 },
      ],
    },
  };
  const dims = { observationDim: 17, actionDim: ACTION_DIM };
  const ones = (size: number, value: number) => new Array<number>(size).fill(value);
  const policy: TrainedPolicy = {
    method: 'flow',
    spec,
    ...dims,
    observationRange: { min: ones(17, -1), max: ones(17, 1) },
    actionRange: { min: ones(8, -1), max: ones(8, 1) },
    weights: createNetwork(spec, networkShape(spec, dims)).table.initialize(Random.of(1)),
  };
  const look = (instruction: string) =>
    lookAt(
      {
        rapier,
        task,
        policy: new NetworkPolicy(createCompiledEngine(), policy),
        sampler: { kind: 'euler', steps: 3 },
        seed: 0,
      },
      instruction,
    );

  it('gives each token a weight at every step and block, and names unknown words', async () => {
    const report = await look('kindly take the green one');
    const words = ['<start>', 'kindly', 'take', 'the', 'green', 'one'];
    expect(report.tokens).toEqual([...words, '<state>', '<red>', '<green>', '<tcp>']);
    expect(report.unknown).toEqual(['kindly']);
    expect(report.steps.map(({ time }) => time)).toEqual([0, 1 / 3, 2 / 3]);
    for (const { blocks } of report.steps) {
      expect(Object.keys(blocks)).toHaveLength(4);
      for (const weights of Object.values(blocks)) {
        expect(weights).toHaveLength(report.tokens.length);
        expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 5);
      }
    }
  });

  it('refuses a speech', async () => {
    await expect(look('take '.repeat(16))).rejects.toThrow('at most 15 words, got 16');
  });
});
