import { readFile } from 'node:fs/promises';
import onnxProto from 'onnx-proto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ObjectiveSpec, type SamplerSpec, SpecError } from '../../../policies/config/index.ts';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { exportOnnx } from '../../../policies/export.ts';
import { NetworkPolicy } from '../../../policies/network-policy.ts';
import {
  inspectOnnx,
  type OnnxManifest,
  OnnxPolicy,
  OnnxPolicyError,
  parseManifest,
} from '../../../policies/onnx/index.ts';
import { Random } from '../../../policies/random.ts';
import { createPlan } from '../../../policies/samplers/plan.ts';
import { describeExport } from '../../../scripts/describe-export.ts';
import { relativeError } from '../../support/engines.ts';
import { tinyPolicy } from '../../support/tiny-policy.ts';

const { onnx } = onnxProto;
type Model = ReturnType<typeof onnx.ModelProto.decode>;

const BATCH = 3;
const CASES: readonly (readonly [ObjectiveSpec, SamplerSpec])[] = [
  [{ kind: 'regression' }, { kind: 'direct' }],
  [
    { kind: 'diffusion', steps: 20, prediction: 'data' },
    { kind: 'ddim', steps: 3, eta: 1 },
  ],
  [{ kind: 'flow' }, { kind: 'euler', steps: 2 }],
];

function exported(objective: ObjectiveSpec, sampler: SamplerSpec, batch?: number) {
  const policy = tinyPolicy(objective);
  const plan = createPlan(objective, sampler);
  const metadata = describeExport(policy, sampler, plan, { batch, guidance: 1 });
  return exportOnnx(policy, plan, { batch, metadata });
}

const ARM = { joints: 7, opening: 0.08 };
const open = (bytes: Uint8Array, manifest?: OnnxManifest) =>
  new OnnxPolicy(bytes, inspectOnnx(bytes, manifest), ARM);

/** In physical units, [B, To, Do]. */
const observationOf = (batch: number) =>
  Random.of(2)
    .fillNormal(new Float32Array(batch * 6))
    .map((x) => x / 3);
const streams = (batch: number) => Array.from({ length: batch }, (_, row) => Random.of(7, row));

describe.each(CASES)('a policy in a file (%o, %o)', (objective, sampler) => {
  it.each([1, 2, undefined])('of %s rows plans as the one that was exported', async (rows) => {
    const own = await new NetworkPolicy(createCompiledEngine(), tinyPolicy(objective)).prepare(
      BATCH,
      {
        sampler,
      },
    );
    const { chunk: expected } = await own.draw(observationOf(BATCH), streams(BATCH));
    const planner = await open(await exported(objective, sampler, rows)).prepare(BATCH);
    const { chunk } = await planner.draw(observationOf(BATCH), streams(BATCH));
    expect(relativeError(chunk, expected)).toBeLessThan(1e-5);
    await planner.dispose();
  });
});

let flow: Uint8Array;
beforeAll(async () => {
  flow = await exported({ kind: 'flow' }, { kind: 'euler', steps: 2 }, 1);
});

describe('a policy in a file', () => {
  it('says what it is by its metadata and shapes', () => {
    expect(open(flow).describe()).toEqual({
      name: 'onnx',
      task: 'left-right',
      controlHz: 20,
      objective: null,
      abilities: {
        noise: true,
        instructions: false,
        picture: null,
        guidance: false,
        inpainting: false,
      },
      obsHorizon: 2,
      predHorizon: 8,
      observationDim: 3,
      actionDim: 2,
      parameters: expect.any(Number),
    });
  });

  it('has no options, reads nothing and looks at nothing', async () => {
    const policy = open(flow);
    await expect(policy.prepare(1, { guidance: 2 })).rejects.toThrow(SpecError);
    const planner = await policy.prepare(1);
    const asked = (told: object) => planner.draw(observationOf(1), streams(1), told);
    await expect(asked({ instructions: ['left'] })).rejects.toThrow('reads none');
    await expect(asked({ images: new Uint8Array(3) })).rejects.toThrow('no pictures');
    await planner.dispose();
  });

  it('says of a row without finite numbers that it has no plan', async () => {
    const planner = await open(flow).prepare(2);
    const observation = observationOf(2);
    observation[6] = Number.NaN;
    const { failures } = await planner.draw(observation, streams(2));
    expect([...(failures?.keys() ?? [])]).toEqual([1]);
    await planner.dispose();
  });
});

/** The flow's file, changed by somebody. */
function tampered(change: (model: Model) => void): Uint8Array {
  const model = onnx.ModelProto.decode(flow);
  change(model);
  return onnx.ModelProto.encode(model).finish();
}

const withNode = (node: object) =>
  tampered(({ graph }) => graph?.node?.push(onnx.NodeProto.create(node)));
const withConstant = (tensor: object) =>
  tampered(({ graph }) => graph?.initializer?.push(onnx.TensorProto.create(tensor)));
const withMetadata = (key: string, value: string) =>
  tampered(({ metadataProps }) => {
    for (const entry of metadataProps ?? []) if (entry.key === key) entry.value = value;
  });

describe('refused, before anything of it runs, is a file', () => {
  it.each([
    ['of something else', () => Uint8Array.of(1, 2, 3), /expected an ONNX model, got 3 bytes/],
    ['without a graph', () => new Uint8Array(0), /expected a graph, got none/],
    [
      'with constants elsewhere',
      () =>
        withConstant({
          name: 'w',
          dims: [4],
          dataType: 1,
          dataLocation: 1,
          externalData: [{ key: 'location', value: '../../etc/passwd' }],
        }),
      /the constant "w" in the file itself, got one in another file/,
    ],
    [
      'that declares more than it holds',
      () => withConstant({ name: 'w', dims: [50_000, 50_000], dataType: 1 }),
      /2500000000 numbers in the constant "w", got 0/,
    ],
    ['with text', () => withConstant({ name: 'w', dims: [1], dataType: 8 }), /data type 8/],
    [
      'with a loop that may not end',
      () => withNode({ opType: 'Loop', input: [''], output: ['x'] }),
      /a loop of at most 1000 turns, a constant, got none/,
    ],
    [
      'with a loop that takes days',
      () =>
        tampered(({ graph }) => {
          const turns = { name: 'turns', dims: [], dataType: 7, int64Data: [1e9] };
          graph?.initializer?.push(onnx.TensorProto.create(turns));
          graph?.node?.push(onnx.NodeProto.create({ opType: 'Loop', input: ['turns'] }));
        }),
      /a loop of at most 1000 turns, a constant, got 1000000000/,
    ],
    ['with a branch', () => withNode({ opType: 'If' }), /got "If"/],
    ['with noise of its own', () => withNode({ opType: 'RandomNormal' }), /got "RandomNormal"/],
    ['with operators of another', () => withNode({ opType: 'Run', domain: 'os' }), /"Run" of "os"/],
    [
      'with a graph within',
      () => withNode({ opType: 'Add', attribute: [{ name: 'then', type: 5, g: {} }] }),
      /no graphs but those of loops/,
    ],
    [
      'with functions',
      () => tampered((model) => model.functions?.push(onnx.FunctionProto.create({ name: 'f' }))),
      /functions or training besides/,
    ],
    ['at another rate', () => withMetadata('control_hz', '30'), /control_hz/],
    ['of another horizon', () => withMetadata('prediction_horizon', '9'), /\[rows, 9 or more, n\]/],
    ['of no horizon', () => withMetadata('observation_horizon', '1e3'), /observation_horizon/],
    [
      'without metadata',
      () => tampered((model) => model.metadataProps?.splice(0)),
      /a manifest beside it, FILE.json, or metadata task/,
    ],
    [
      'with another input',
      () =>
        tampered(({ graph }) => {
          if (graph?.input) graph.input[0].name = 'pixels';
        }),
      /inputs of observation, noise, fresh_noise, instruction, image, got "pixels"/,
    ],
    [
      'with another output',
      () =>
        tampered(({ graph }) => {
          if (graph?.output) graph.output[0].name = 'logits';
        }),
      /one output, "action", got "logits"/,
    ],
    [
      'of halves',
      () =>
        tampered(({ graph }) => {
          Object.assign(graph?.input?.[0].type?.tensorType ?? {}, { elemType: 10 });
        }),
      /"observation" of f32, got type 10/,
    ],
  ])('%s', (_, bytes, message) => {
    const inspect = () => inspectOnnx(bytes());
    expect(inspect).toThrow(OnnxPolicyError);
    expect(inspect).toThrow(message);
  });
});

it('a file whose operators do not exist is refused as it is opened', async () => {
  const bytes = withNode({ opType: 'Telepathy', input: ['observation'], output: ['thought'] });
  await expect(open(bytes).prepare(1)).rejects.toThrow(OnnxPolicyError);
});

/** One that was written in Python, in units of its own: make_fixture.py. */
describe('a stranger’s policy with a manifest', () => {
  const read = (name: string) => readFile(new URL(`fixtures/${name}`, import.meta.url));
  const json = async (name: string) => JSON.parse(String(await read(name)));

  it('answers as Python says that it does, in the simulator’s units', async () => {
    const manifest = parseManifest(String(await read('stranger.onnx.json')));
    const { observation, noise, plan } = await json('expected.json');
    const policy = open(await read('stranger.onnx'), manifest);
    expect(policy.describe()).toMatchObject({ name: 'stranger', predHorizon: 16, obsHorizon: 1 });
    const planner = await policy.prepare(2);
    const given = noise.map((row: number[][]) => ({
      fillNormal: (out: Float32Array) => {
        out.set(row.flat());
        return out;
      },
    }));
    const { chunk, failures } = await planner.draw(Float32Array.from(observation.flat()), given);
    expect(failures?.size).toBe(0);
    expect(relativeError(chunk, plan.flat(2))).toBeLessThan(1e-5);
    await planner.dispose();
  });

  it.each<[string, (manifest: OnnxManifest) => object, RegExp]>([
    [
      'inputs it has not',
      ({ inputs, ...rest }) => ({ ...rest, inputs: { qpos: inputs.qpos } }),
      /inputs "qpos", as its manifest has them, got "qpos", "scene", "z"/,
    ],
    [
      'more rows than it has',
      (rest) => ({ ...rest, prediction_horizon: 17 }),
      /"delta" \[rows, 18 or more, n\], as its manifest says, got \[any, 17, 8\]/,
    ],
    [
      'half of its statistics',
      ({ output, ...rest }) => ({ ...rest, output: { ...output, std: undefined, mean: [1] } }),
      /expected "min" and "max", or "mean" and "std"/,
    ],
    ['a key nobody knows', (rest) => ({ ...rest, horizon: 3 }), /horizon/],
  ])('is refused that says %s', async (_, change, message) => {
    const file = await read('stranger.onnx');
    const changed = JSON.stringify(change(await json('stranger.onnx.json')));
    const inspect = () => inspectOnnx(file, parseManifest(changed));
    expect(inspect).toThrow(OnnxPolicyError);
    expect(inspect).toThrow(message);
  });
});
