import onnxProto from 'onnx-proto';
import { z } from 'zod';
import { cutText, explainIssues } from '../config/issues.ts';
import type { PolicySpec } from '../config/policy.ts';
import { OnnxPolicyError } from './error.ts';

const { onnx } = onnxProto;
type Model = ReturnType<typeof onnx.ModelProto.decode>;
type Graph = NonNullable<Model['graph']>;
type TensorProto = NonNullable<Graph['initializer']>[number];

/** What is to be known of a policy in a file. */
export interface OnnxFacts extends Pick<PolicySpec, 'task' | 'controlHz'> {
  readonly obsHorizon: number;
  readonly observationDim: number;
  readonly predHorizon: number;
  readonly actionDim: number;
  /** Rows of its inputs; null where any number will do. */
  readonly batch: number | null;
  /** Takes noise in. */
  readonly noise: boolean;
  /** How many tensors of fresh noise it takes in besides; 0 for none. */
  readonly freshNoise: number;
  /** Numbers that it holds. */
  readonly parameters: number;
}

const CURE = 'see docs/onnx.md, or ask it through a policy server (docs/policy-servers.md)';
const MOST_NODES = 200_000;
const MOST_ROWS = 1024;
/** Control steps of a plan, as in an experiment. */
const MOST_HORIZON = 128;

/** Operators that hold graphs of their own, or draw noise that nobody can give again. */
const REFUSED = new Set([
  ...['If', 'Loop', 'Scan', 'SequenceMap'],
  ...['RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike'],
  ...['Bernoulli', 'Multinomial'],
]);

/** TensorProto.DataType */
const FLOAT = 1;
/** Bytes of an element, by TensorProto.DataType; others are none that a policy needs. */
const ELEMENT_BYTES: Readonly<Record<number, number>> = {
  [FLOAT]: 4,
  2: 1,
  3: 1,
  6: 4,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
};
/** TensorProto.DataLocation */
const EXTERNAL = 1;

const numberText = (most: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(most));

const metadataSchema = z.object({
  task: z.string().max(64),
  control_hz: z.enum(['20', '50']).transform((hz) => Number(hz) as 20 | 50),
  observation_horizon: numberText(8),
  prediction_horizon: numberText(MOST_HORIZON),
});

/**
 * What a file says of its policy; nothing of it is run.
 *
 * @throws OnnxPolicyError for a file that is damaged, holds more than a graph of standard operators, or
 *         has other inputs and outputs than policies have
 */
export function inspectOnnx(bytes: Uint8Array): OnnxFacts {
  const model = decode(bytes);
  const { graph } = model;
  if (!graph) return refuse('a graph', 'none');
  checkContent(model, graph);
  const { metadata, sizes } = readInterface(model, graph);
  const { obsHorizon, predHorizon } = {
    obsHorizon: metadata.observation_horizon,
    predHorizon: metadata.prediction_horizon,
  };
  const [batch, steps, observationDim] = sizes.observation;
  if (steps !== obsHorizon) {
    refuse(`observation [batch, ${obsHorizon}, n], as its metadata say`, said(sizes.observation));
  }
  const [, rows, actionDim] = sizes.action;
  if (rows !== predHorizon) {
    refuse(`action [batch, ${predHorizon}, n], as its metadata say`, said(sizes.action));
  }
  const chunk = [batch, predHorizon, actionDim];
  const { noise, fresh_noise: fresh } = sizes;
  for (const [name, got] of Object.entries({
    action: sizes.action,
    noise,
    fresh_noise: fresh?.slice(1),
  })) {
    if (got && String(got) !== String(chunk)) refuse(`${name} as ${said(chunk)}`, said(got));
  }
  return {
    task: metadata.task,
    controlHz: metadata.control_hz,
    obsHorizon,
    observationDim: observationDim ?? 0,
    predHorizon,
    actionDim: actionDim ?? 0,
    batch,
    noise: noise !== undefined,
    freshNoise: fresh?.[0] ?? 0,
    parameters: (graph.initializer ?? []).reduce((sum, tensor) => sum + elementsOf(tensor), 0),
  };
}

function decode(bytes: Uint8Array): Model {
  try {
    return onnx.ModelProto.decode(bytes);
  } catch (cause) {
    throw new OnnxPolicyError(
      `expected an ONNX model, got ${bytes.length} bytes of something else; ${CURE}`,
      {
        cause,
      },
    );
  }
}

/** @throws OnnxPolicyError for more than nodes of standard operators and constants that are all here */
function checkContent(model: Model, graph: Graph): void {
  if (model.functions?.length || model.trainingInfo?.length) {
    refuse('a graph alone', 'functions or training besides');
  }
  if (graph.sparseInitializer?.length) refuse('dense constants', 'sparse ones');
  const nodes = graph.node ?? [];
  if (nodes.length > MOST_NODES) refuse(`at most ${MOST_NODES} operators`, String(nodes.length));
  for (const { opType, domain, attribute } of nodes) {
    const isStandard = (domain ?? '') === '' || domain === 'ai.onnx';
    if (!isStandard || REFUSED.has(opType ?? '')) {
      const name = isStandard ? `"${opType}"` : `"${opType}" of "${domain}"`;
      refuse('standard operators without graphs or noise of their own', name);
    }
    for (const { g, graphs, t, tensors } of attribute ?? []) {
      if (g || graphs?.length) refuse('operators without graphs of their own', `"${opType}"`);
      for (const tensor of [t, ...(tensors ?? [])]) if (tensor) checkTensor(tensor);
    }
  }
  for (const tensor of graph.initializer ?? []) checkTensor(tensor);
}

/** @throws OnnxPolicyError for a tensor that lies elsewhere, or says it is larger than it is */
function checkTensor(tensor: TensorProto): void {
  const name = `the constant "${tensor.name}"`;
  if (tensor.dataLocation === EXTERNAL || tensor.externalData?.length) {
    refuse(`${name} in the file itself`, 'one in another file');
  }
  const size = ELEMENT_BYTES[Number(tensor.dataType)];
  if (size === undefined) refuse(`${name} of numbers`, `data type ${tensor.dataType}`);
  const { rawData, floatData, int32Data, int64Data, doubleData } = tensor;
  const held = rawData?.length
    ? rawData.length / size
    : [floatData, int32Data, int64Data, doubleData].reduce(
        (sum, each) => sum + (each?.length ?? 0),
        0,
      );
  const elements = elementsOf(tensor);
  if (held !== elements) refuse(`${elements} numbers in ${name}`, String(held));
}

function elementsOf({ dims }: TensorProto): number {
  return (dims ?? []).reduce((product: number, extent) => product * toNumber(extent), 1);
}

/** protobufjs gives 64-bit numbers as objects where it can. */
function toNumber(value: unknown): number {
  return Number(String(value));
}

/** Extents; null for what may be any. */
type Extents = readonly (number | null)[];

function readInterface(model: Model, graph: Graph) {
  const entries = (model.metadataProps ?? []).map(({ key, value }) => [key ?? '', value ?? '']);
  const parsed = metadataSchema.safeParse(Object.fromEntries(entries));
  if (!parsed.success) {
    const names = Object.keys(metadataSchema.shape).join(', ');
    return refuse(`metadata ${names}`, explainIssues(parsed.error));
  }
  const constants = new Set((graph.initializer ?? []).map(({ name }) => name));
  const inputs = (graph.input ?? []).filter(({ name }) => !constants.has(name));
  const outputs = graph.output ?? [];
  const known = { observation: 3, noise: 3, fresh_noise: 4 };
  const shapes = new Map<string, Extents>();
  for (const input of inputs) {
    const rank = Object.entries(known).find(([name]) => name === input.name)?.[1];
    if (rank === undefined) refuse(`inputs of ${Object.keys(known).join(', ')}`, `"${input.name}"`);
    shapes.set(input.name ?? '', extentsOf(input, rank ?? 0));
  }
  const observation = shapes.get('observation');
  if (!observation) return refuse('an input "observation"', 'none');
  if (outputs.length !== 1 || outputs[0].name !== 'action') {
    return refuse(
      'one output, "action"',
      outputs.map(({ name }) => `"${name}"`).join(', ') || 'none',
    );
  }
  const sizes = {
    observation,
    action: extentsOf(outputs[0], 3),
    noise: shapes.get('noise'),
    fresh_noise: shapes.get('fresh_noise'),
  };
  return { metadata: parsed.data, sizes };
}

type ValueInfo = NonNullable<Graph['input']>[number];

/** @throws OnnxPolicyError unless it is f32 of that rank, with every extent but the batch known */
function extentsOf({ name, type }: ValueInfo, rank: number): Extents {
  const { elemType, shape } = type?.tensorType ?? {};
  const extents = (shape?.dim ?? []).map(({ dimValue, dimParam }) =>
    dimParam ? null : toNumber(dimValue ?? 0),
  );
  const batchAxis = rank - 3;
  const fits =
    elemType === FLOAT &&
    extents.length === rank &&
    extents.every((extent, axis) =>
      extent === null ? axis === batchAxis : extent >= 1 && extent <= 4096,
    ) &&
    (extents[batchAxis] ?? 1) <= MOST_ROWS;
  if (fits) return extents;
  const axes = ['steps', 'batch', 'n', 'n'].slice(4 - rank);
  return refuse(`"${name}" as f32 [${axes.join(', ')}]`, `type ${elemType}, ${said(extents)}`);
}

function said(extents: Extents): string {
  return `[${extents.map((extent) => extent ?? 'any').join(', ')}]`;
}

function refuse(expected: string, got: string): never {
  throw new OnnxPolicyError(`expected ${expected}, got ${cutText(got, 300)}; ${CURE}`);
}
