import onnxProto from 'onnx-proto';
import { cutText } from '../config/issues.ts';
import { OnnxPolicyError } from './error.ts';

const { onnx } = onnxProto;
export type Model = ReturnType<typeof onnx.ModelProto.decode>;
export type Graph = NonNullable<Model['graph']>;
type TensorProto = NonNullable<Graph['initializer']>[number];

const CURE = 'see docs/onnx.md, or ask it through a policy server (docs/policy-servers.md)';
const MOST_NODES = 200_000;
/** Turns of a loop: as many as diffusion takes steps. */
const MOST_TURNS = 1000;

/** Operators that may never end, or draw noise that nobody can give again. */
const REFUSED = new Set([
  ...['If', 'Scan', 'SequenceMap'],
  ...['RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike'],
  ...['Bernoulli', 'Multinomial'],
]);

/** TensorProto.DataType */
export const FLOAT = 1;
const INT64 = 7;
/** Bytes of an element, by TensorProto.DataType; others are none that a policy needs. */
const ELEMENT_BYTES: Readonly<Record<number, number>> = {
  [FLOAT]: 4,
  2: 1,
  3: 1,
  6: 4,
  [INT64]: 8,
  9: 1,
  10: 2,
  11: 8,
};
/** TensorProto.DataLocation */
const EXTERNAL = 1;

/**
 * A file as a graph of standard operators; nothing of it is run.
 *
 * @throws OnnxPolicyError for one that is damaged or holds more: what may not end, draws noise or lies
 *         in other files
 */
export function readGraph(bytes: Uint8Array): { model: Model; graph: Graph } {
  const model = decode(bytes);
  const { graph } = model;
  if (!graph) return refuse('a graph', 'none');
  if (model.functions?.length || model.trainingInfo?.length) {
    refuse('a graph alone', 'functions or training besides');
  }
  const count = checkGraph(graph, true);
  if (count > MOST_NODES) refuse(`at most ${MOST_NODES} operators`, String(count));
  return { model, graph };
}

/** Numbers that it holds, in loops too. */
export function numbersIn({ initializer, node }: Graph): number {
  const own = (initializer ?? []).reduce((sum, tensor) => sum + elementsOf(tensor), 0);
  const bodies = (node ?? []).flatMap(({ attribute }) => attribute ?? []);
  return bodies.reduce((sum, { g }) => (g ? sum + numbersIn(g as Graph) : sum), own);
}

function decode(bytes: Uint8Array): Model {
  try {
    return onnx.ModelProto.decode(bytes);
  } catch (cause) {
    throw new OnnxPolicyError(
      `expected an ONNX model, got ${bytes.length} bytes of something else; ${CURE}`,
      { cause },
    );
  }
}

/**
 * @param loops whether there may be any: not in one another
 * @returns     operators, those in loops too
 */
function checkGraph(graph: Graph, loops: boolean): number {
  if (graph.sparseInitializer?.length) refuse('dense constants', 'sparse ones');
  for (const tensor of graph.initializer ?? []) checkTensor(tensor);
  const nodes = graph.node ?? [];
  let count = nodes.length;
  for (const { opType, domain, attribute, input } of nodes) {
    const isStandard = (domain ?? '') === '' || domain === 'ai.onnx';
    if (!isStandard || REFUSED.has(opType ?? '')) {
      const name = isStandard ? `"${opType}"` : `"${opType}" of "${domain}"`;
      refuse('standard operators that end and draw no noise of their own', name);
    }
    const isLoop = opType === 'Loop';
    if (isLoop) checkTurns(graph, input?.[0]);
    for (const { g, graphs, t, tensors } of attribute ?? []) {
      if (graphs?.length || (g && !(isLoop && loops))) {
        refuse('no graphs but those of loops, one deep', `"${opType}"`);
      }
      if (g) count += checkGraph(g as Graph, false);
      for (const tensor of [t, ...(tensors ?? [])]) if (tensor) checkTensor(tensor);
    }
  }
  return count;
}

/** @throws OnnxPolicyError unless a loop says before it begins how often it turns at most */
function checkTurns({ initializer }: Graph, name: string | undefined): void {
  const tensor = (initializer ?? []).find((each) => each.name === name);
  const { rawData, int64Data, dataType } = tensor ?? {};
  const raw =
    rawData?.length === 8 ? new DataView(Uint8Array.from(rawData).buffer).getBigInt64(0, true) : -1;
  const turns = Number(int64Data?.length ? String(int64Data[0]) : raw);
  if (dataType !== INT64 || !(turns >= 0 && turns <= MOST_TURNS)) {
    refuse(`a loop of at most ${MOST_TURNS} turns, a constant`, tensor ? String(turns) : 'none');
  }
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
export function toNumber(value: unknown): number {
  return Number(String(value));
}

export function refuse(expected: string, got: string): never {
  throw new OnnxPolicyError(`expected ${expected}, got ${cutText(got, 300)}; ${CURE}`);
}
