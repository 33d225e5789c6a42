import { beforeAll, describe, expect, it } from 'vitest';
import { imageSize } from '../../../policies/config/condition-inputs.ts';
import type { PolicySpec, SamplerSpec } from '../../../policies/config/index.ts';
import {
  createCompiledEngine,
  type TensorData,
  type TensorFunction,
  type TensorSpec,
} from '../../../policies/engine/index.ts';
import { optimize } from '../../../policies/engine/passes/index.ts';
import { trace } from '../../../policies/engine/trace/trace.ts';
import { createNetwork } from '../../../policies/networks/create.ts';
import { guide } from '../../../policies/networks/guidance.ts';
import type { NetworkShape } from '../../../policies/networks/shape.ts';
import { Random } from '../../../policies/random.ts';
import { samplerFunction } from '../../../policies/samplers/compile.ts';
import { createPlan } from '../../../policies/samplers/plan.ts';
import { createTextEncoder } from '../../../policies/text/index.ts';
import { createObjective } from '../../../policies/training/objective.ts';
import { lossAndGradient, stepInputs, trainingStep } from '../../../policies/training/step.ts';
import { ENGINES, relativeError, runOn } from '../../support/engines.ts';
import { LEARNERS, TINY_SHAPE, TINY_TRAINING } from '../../support/tiny-policy.ts';
import { TINY_CONDITION, TINY_READER_SPEC } from '../../support/tiny-reader.ts';
import { centralDifferences } from './oracle/differences.ts';
import { interpret } from './oracle/interpret.ts';

/** Hundreds of operators, each with its rounding. */
const TOLERANCE = 1e-5;
/** Between a gradient and its differences, both in float64 of a graph whose constants are f32. */
const DIFFERENCES_TOLERANCE = 1e-6;
const BATCH = 2;

type Learner = Pick<PolicySpec, 'objective' | 'network' | 'condition'>;

const CONDITION = { ...TINY_CONDITION, image: { size: 16, channels: 4, points: 2 } };
const SEEING: Learner = { ...TINY_READER_SPEC, condition: CONDITION };

const shapeOf = ({ condition }: Learner): NetworkShape =>
  condition ? { ...TINY_SHAPE, condition } : TINY_SHAPE;

const networkOf = (learner: Learner) => createNetwork(learner, shapeOf(learner));

async function encoded(instruction: string): Promise<Float32Array> {
  return (await createTextEncoder(CONDITION.text).encode(instruction)).row;
}

/** What a policy is told: the same instruction for all rows of a batch. */
async function textRows(): Promise<Float32Array> {
  const row = await encoded('the red apple');
  return Float32Array.from({ length: BATCH * row.length }, (_, i) => row[i % row.length]);
}

/** Numbers for each input of a program; those that are no normals by name. */
function inputsFor(
  specs: readonly TensorSpec[],
  given: Readonly<Record<string, TensorData>>,
): Record<string, TensorData> {
  return Object.fromEntries(
    specs.map(({ name, shape }, i) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      return [name, given[name] ?? Random.of(5, i).fillNormal(new Float32Array(size))];
    }),
  );
}

async function trainingProgram(learner: Learner) {
  const network = networkOf(learner);
  const objective = createObjective(learner.objective);
  const random = Random.of(6);
  const { size } = network.table;
  const specs = stepInputs(size, BATCH, shapeOf(learner));
  const inputs = inputsFor(specs, {
    weights: network.table.initialize(Random.of(8)).map((w) => w + 0.02 * random.normal()),
    // As after many steps: where a moment is nearly zero, Adam's step is rounding noise.
    moment2: Float32Array.from({ length: size }, () => 0.1 + random.uniform()),
    rates: Float32Array.of(1e-2, 0.6, 0.05, 0.9),
    time: Float32Array.from({ length: BATCH }, () => objective.drawTime(random)),
    ...(learner.condition && { text: await textRows() }),
  });
  return {
    specs,
    inputs,
    step: trainingStep(network, objective, TINY_TRAINING),
    gradient: lossAndGradient(network, objective),
    read: ['weights', 'actions', 'noise', 'time', 'observation', 'text', 'image'],
  };
}

/** Compares every engine with the oracle on the same numbers. */
async function expectParity(
  fn: TensorFunction,
  specs: readonly TensorSpec[],
  inputs: Readonly<Record<string, TensorData>>,
): Promise<void> {
  const expected = interpret(await trace(fn, specs), inputs);
  for (const [name, create] of ENGINES) {
    const actual = await runOn(await create(), fn, specs, inputs);
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const [output, values] of Object.entries(expected)) {
      expect(relativeError(actual[output], values), `${name}: ${output}`).toBeLessThan(TOLERANCE);
    }
  }
}

/** Of flows with other times the programs are the same ones. */
const UNLIKE = LEARNERS.filter(({ objective }) => objective.kind !== 'flow' || !objective.time);

describe.each([...UNLIKE, SEEING])(
  'a training step ($objective, $network.kind, $condition.image)',
  (learner) => {
    let program: Awaited<ReturnType<typeof trainingProgram>>;
    beforeAll(async () => {
      program = await trainingProgram(learner);
    });

    it('is in f32, on every engine, what its graph says in float64', async () => {
      await expectParity(program.step, program.specs, program.inputs);
    });

    it('descends along the gradient that differences in float64 give', async () => {
      const { gradient: fn, specs: all, inputs, read } = program;
      const specs = all.filter(({ name }) => read.includes(name));
      const loss = await trace((x) => ({ loss: fn(x).loss }), specs);
      const differences = centralDifferences(
        optimize(loss),
        inputs,
        { loss: [1] },
        { name: 'weights', count: 12 },
      );
      const { gradient } = interpret(await trace(fn, specs), inputs);
      const traced = differences.map(([place]) => gradient[place]);
      const wanted = differences.map(([, derivative]) => derivative);
      expect(relativeError(traced, wanted)).toBeLessThan(DIFFERENCES_TOLERANCE);
      expect(Math.max(...wanted.map(Math.abs))).toBeGreaterThan(1e-4);
    });
  },
);

const DIFFUSION = { kind: 'diffusion', steps: 4, prediction: 'v' } as const;
const [{ network: UNET }] = LEARNERS;
const SAMPLERS: readonly (Learner & { sampler: SamplerSpec })[] = [
  { objective: { kind: 'regression' }, network: UNET, sampler: { kind: 'direct' } },
  { objective: { kind: 'flow' }, network: UNET, sampler: { kind: 'euler', steps: 3 } },
  { objective: { kind: 'flow' }, network: UNET, sampler: { kind: 'heun', steps: 2 } },
  { objective: DIFFUSION, network: UNET, sampler: { kind: 'ddpm' } },
  { objective: DIFFUSION, network: UNET, sampler: { kind: 'ddim', steps: 3, eta: 0.5 } },
  { objective: DIFFUSION, network: UNET, sampler: { kind: 'dpm-solver++', steps: 3 } },
  { ...SEEING, sampler: { kind: 'euler', steps: 2 } },
];

describe.each(SAMPLERS)('a sampler ($sampler, $condition.image)', (learner) => {
  async function samplerProgram() {
    const { condition, objective } = learner;
    const bare = networkOf(learner);
    const text = condition ? await textRows() : new Float32Array(0);
    const silence = condition ? await encoded('') : new Float32Array(0);
    const { fn, inputs } = samplerFunction({
      network: condition ? guide(bare, { scale: 2, silence }) : bare,
      weights: bare.table.initialize(Random.of(8)),
      plan: createPlan(objective, learner.sampler),
      batch: BATCH,
      chunk: [TINY_SHAPE.horizon, TINY_SHAPE.actionDim],
      observationSize: TINY_SHAPE.observationDim,
      noisy: objective.kind !== 'regression',
      textSize: silence.length,
      imageSize: condition ? imageSize(condition) : 0,
    });
    return { fn, specs: inputs, inputs: inputsFor(inputs, condition ? { text } : {}) };
  }

  it('is in f32, on every engine, what its graph says in float64', async () => {
    const { fn, specs, inputs } = await samplerProgram();
    await expectParity(fn, specs, inputs);
  });

  it('is the same written for few rows: in float64, and in f32 as it runs', async () => {
    const { fn, specs, inputs } = await samplerProgram();
    const expected = interpret(await trace(fn, specs), inputs);
    const graph = await trace(fn, specs, { fewRows: true });
    const optimized = optimize(graph, { fewRows: true });
    const program = await createCompiledEngine().compile(fn, specs, { rows: BATCH });
    const ran = await program.run(inputs);
    await program.dispose();
    for (const [output, values] of Object.entries(expected)) {
      // Its constants, as ε and shares of a mean, are f32 either way.
      expect(relativeError(interpret(graph, inputs)[output], values)).toBeLessThan(1e-6);
      expect(relativeError(interpret(optimized, inputs)[output], values)).toBeLessThan(1e-6);
      expect(relativeError(ran[output], values)).toBeLessThan(TOLERANCE);
    }
  });

  it.each(ENGINES)('gives the same bits each time it is made and run: %s', async (_, create) => {
    const { fn, specs, inputs } = await samplerProgram();
    const [first, second] = [await create(), await create()];
    const chunks = await runOn(first, fn, specs, inputs);
    const program = await second.compile(fn, specs);
    expect(await program.run(inputs)).toEqual(chunks);
    expect(await program.run(inputs)).toEqual(chunks);
    await program.dispose();
  });
});
