import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import onnxProto from 'onnx-proto';
import ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { type ObjectiveSpec, type SamplerSpec, SpecError } from '../../policies/config/index.ts';
import { createCompiledEngine } from '../../policies/engine/index.ts';
import { exportOnnx } from '../../policies/export.ts';
import { NetworkPolicy } from '../../policies/network-policy.ts';
import { Random } from '../../policies/random.ts';
import { createPlan } from '../../policies/samplers/plan.ts';
import { relativeError } from '../support/engines.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { tinyPolicy } from '../support/tiny-policy.ts';
import { TINY_CONDITION, tinyReader } from '../support/tiny-reader.ts';

const BATCH = 3;
const CASES: readonly (readonly [ObjectiveSpec, SamplerSpec])[] = [
  [{ kind: 'regression' }, { kind: 'direct' }],
  [
    { kind: 'diffusion', steps: 20, prediction: 'v' },
    { kind: 'ddim', steps: 4, eta: 0 },
  ],
  [
    { kind: 'diffusion', steps: 20, prediction: 'epsilon' },
    { kind: 'ddim', steps: 4, eta: 1 },
  ],
  [{ kind: 'flow' }, { kind: 'euler', steps: 4 }],
];

/** In physical units, [B, To, Do]. */
const OBSERVATION = Random.of(2)
  .fillNormal(new Float32Array(BATCH * 6))
  .map((x) => x / 3);

const streams = () => Array.from({ length: BATCH }, (_, row) => Random.of(7, row));

/** What a planner feeds its network, drawn as it draws: per row, a tensor after the other. */
function feedsOf(plan: ReturnType<typeof createPlan>, noisy: boolean): Record<string, ort.Tensor> {
  const rows = streams();
  const draw = () => {
    const noise = new Float32Array(BATCH * 16);
    rows.forEach((stream, row) => {
      stream.fillNormal(noise.subarray(row * 16, (row + 1) * 16));
    });
    return noise;
  };
  const feeds: Record<string, ort.Tensor> = {
    observation: new ort.Tensor('float32', OBSERVATION, [BATCH, 2, 3]),
  };
  if (noisy) feeds.noise = new ort.Tensor('float32', draw(), [BATCH, 8, 2]);
  if (plan.some(({ next }) => next.noise > 0)) {
    const fresh = plan.map(({ next }) => (next.noise > 0 ? draw() : new Float32Array(BATCH * 16)));
    const joined = Float32Array.from(fresh.flatMap((part) => [...part]));
    feeds.fresh_noise = new ort.Tensor('float32', joined, [plan.length, BATCH, 8, 2]);
  }
  return feeds;
}

describe.each(CASES)('an exported policy (%o, %o)', (objective, sampler) => {
  const policy = tinyPolicy(objective);
  const plan = createPlan(objective, sampler);

  it('answers as the policy does, normalisation included', async () => {
    const planner = await new NetworkPolicy(createCompiledEngine(), policy).prepare(BATCH, {
      sampler,
    });
    const { chunk: expected } = await planner.draw(OBSERVATION.slice(), streams());
    const model = await exportOnnx(policy, plan, { metadata: {} });
    const session = await ort.InferenceSession.create(model);
    const { action } = await session.run(feedsOf(plan, objective.kind !== 'regression'));
    expect(action.dims).toEqual([BATCH, 8, 2]);
    expect(relativeError(action.data as Float32Array, expected)).toBeLessThan(1e-5);
  });

  it('uses the standard operators alone, and says of which set', async () => {
    const model = await exportOnnx(policy, plan, { batch: 1, metadata: { task: 'left-right' } });
    const { opsetImport, metadataProps, graph } = onnxProto.onnx.ModelProto.decode(model);
    expect(opsetImport.map(({ domain }) => domain)).toEqual(['']);
    expect(graph?.node?.every(({ domain }) => !domain)).toBe(true);
    const metadata = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
    expect(metadata).toEqual({ task: 'left-right', opset: String(opsetImport[0].version) });
  });
});

it('a sampler of very many evaluations is a loop, of a fixed batch too', async () => {
  const objective: ObjectiveSpec = { kind: 'diffusion', steps: 20, prediction: 'v' };
  const policy = tinyPolicy(objective);
  const sampler = { kind: 'ddpm' } as const;
  const plan = createPlan(objective, sampler);
  const planner = await new NetworkPolicy(createCompiledEngine(), policy).prepare(BATCH, {
    sampler,
  });
  const { chunk: expected } = await planner.draw(OBSERVATION.slice(), streams());
  const model = await exportOnnx(policy, plan, { batch: BATCH, metadata: {} });
  const { graph } = onnxProto.onnx.ModelProto.decode(model);
  expect(graph?.node?.filter(({ opType }) => opType === 'Loop')).toHaveLength(1);
  const session = await ort.InferenceSession.create(model);
  const { action } = await session.run(feedsOf(plan, true));
  expect(relativeError(action.data as Float32Array, expected)).toBeLessThan(1e-4);
});

describe.each([0, 1, 2.5])('an exported policy that reads, at w = %d,', (guidance) => {
  const objective: ObjectiveSpec = { kind: 'flow' };
  const sampler = { kind: 'euler', steps: 2 } as const;
  const plan = createPlan(objective, sampler);
  const image = { size: 32, channels: 4, points: 3 };
  const pixels = Uint8Array.from({ length: BATCH * 32 * 32 * 3 }, (_, i) => (i * 37) % 256);

  it.each([
    ['words', TINY_CONDITION, {}],
    ['words and a picture', { ...TINY_CONDITION, image }, { images: pixels }],
  ])('answers to %s as the policy does', async (_, condition, seen) => {
    const policy = tinyReader(objective, condition);
    const planner = await new NetworkPolicy(createCompiledEngine(), policy).prepare(BATCH, {
      sampler,
      guidance,
    });
    const instructions = ['the red apple', 'me green banana'];
    const told = { instructions, ...seen };
    const { chunk: expected } = await planner.draw(OBSERVATION.slice(), streams(), told);

    const model = await exportOnnx(policy, plan, { guidance, metadata: {} });
    const session = await ort.InferenceSession.create(model);
    // Words by their places in the vocabulary after three special tokens; a banana is unknown.
    const rows = [
      [1, 7, 6, 3, 0, 0],
      [1, 5, 4, 2, 0, 0],
      [1, 0, 0, 0, 0, 0],
    ];
    const feeds: Record<string, ort.Tensor> = {
      ...feedsOf(plan, true),
      instruction: new ort.Tensor('int32', Int32Array.from(rows.flat()), [BATCH, 6]),
    };
    if ('images' in seen) {
      feeds.image = new ort.Tensor('float32', Float32Array.from(pixels), [BATCH, 32, 32, 3]);
    }
    const { action } = await session.run(feeds);
    expect(relativeError(action.data as Float32Array, expected)).toBeLessThan(1e-5);
  });
});

it('a policy that reads with an encoder from outside is refused, and guidance of one that does not', async () => {
  const plan = createPlan({ kind: 'flow' }, { kind: 'euler', steps: 2 });
  const text = {
    encoder: 'pretrained',
    name: 'E5',
    model: 'a'.repeat(64),
    tokenizer: 'b'.repeat(64),
    tokens: 4,
    features: 8,
    dropRate: 0,
  } as const;
  const exported = exportOnnx(tinyReader({ kind: 'flow' }, { ...TINY_CONDITION, text }), plan, {
    batch: 1,
    metadata: {},
  });
  await expect(exported).rejects.toBeInstanceOf(SpecError);
  await expect(exported).rejects.toThrow('got one that reads with "E5"');
  const guided = exportOnnx(tinyPolicy(), plan, { batch: 1, guidance: 2, metadata: {} });
  await expect(guided).rejects.toBeInstanceOf(SpecError);
});

const run = promisify(execFile);
const python = await run('python3', ['-c', 'import onnxruntime']).then(
  () => true,
  () => false,
);

it.runIf(python)('Python’s ONNX Runtime reads the same actions', async () => {
  const objective: ObjectiveSpec = { kind: 'flow' };
  const plan = createPlan(objective, { kind: 'euler', steps: 4 });
  const model = await exportOnnx(tinyPolicy(objective), plan, { batch: BATCH, metadata: {} });
  const path = join(await temporaryDirectory(), 'policy.onnx');
  await writeFile(path, model);
  const feeds = feedsOf(plan, true);
  const inputs = JSON.stringify(
    Object.fromEntries(
      Object.entries(feeds).map(([name, { data, dims }]) => [
        name,
        { data: [...(data as Float32Array)], dims },
      ]),
    ),
  );
  const { stdout } = await run('python3', [
    '-c',
    `import json, sys, numpy, onnxruntime
inputs = {name: numpy.array(value["data"], dtype=numpy.float32).reshape(value["dims"])
          for name, value in json.loads(sys.argv[2]).items()}
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
print(json.dumps(session.run(["action"], inputs)[0].ravel().tolist()))`,
    path,
    inputs,
  ]);
  const session = await ort.InferenceSession.create(model);
  const { action } = await session.run(feeds);
  expect(relativeError(JSON.parse(stdout), action.data as Float32Array)).toBeLessThan(1e-5);
});
