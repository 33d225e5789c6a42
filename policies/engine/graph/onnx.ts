import onnxProto from 'onnx-proto';
import type { AttributeValue, ConstantData, DType, Graph, GraphNode, Value } from './graph.ts';
import { OPSET } from './opset.ts';

const { onnx } = onnxProto;

/** ONNX file format that carries this operator set. */
const IR_VERSION = 9;

/** Operators that ONNX Runtime has beside the standard ones. */
const CONTRIB_DOMAIN = 'com.microsoft';
const CONTRIB = new Set(['FusedMatMul', 'QuickGelu']);

/** TensorProto.DataType */
const ELEMENT_TYPE: Record<DType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };
/** AttributeProto.AttributeType */
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const;
/** Attributes that ONNX defines as floats; a whole value must not be taken for an int. */
const FLOAT_ATTRIBUTES = new Set(['alpha', 'beta', 'epsilon']);

const nameOf = (value: Value) => `v${value.id}`;

/** Constants that several models share, and so lie in a file of their own. */
export interface Beside {
  /** What the models call that file. */
  readonly file: string;
  readonly holds: (data: ConstantData) => boolean;
}

/** TensorProto.DataLocation */
const EXTERNAL = 1;

/**
 * A graph as the bytes of an ONNX model.
 *
 * @param metadata kept in the model, for its users
 * @param beside   constants that are the whole of a file beside the model
 */
export function encodeOnnx(
  graph: Graph,
  metadata: Readonly<Record<string, string>> = {},
  beside?: Beside,
): Uint8Array {
  const outputNames = new Map<Value, string>();
  const renames: GraphNode[] = [];
  const made = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  for (const { name, value } of graph.outputs) {
    if (made.has(value) && !outputNames.has(value)) {
      outputNames.set(value, name);
      continue;
    }
    // An input, a constant or another output as well: it gets a node of its own, which copies it.
    const renamed: Value = { ...value, id: -1 - renames.length };
    renames.push({ op: 'Identity', inputs: [value], outputs: [renamed], attributes: {} });
    outputNames.set(renamed, name);
  }
  const inputNames = new Map(graph.inputs.map(({ name, value }) => [value, name]));
  const name = (value: Value) => outputNames.get(value) ?? inputNames.get(value) ?? nameOf(value);
  const results = [...outputNames.keys()];
  const describe = (value: Value) => ({
    name: name(value),
    type: {
      tensorType: {
        elemType: ELEMENT_TYPE[value.dtype],
        shape: { dim: value.shape.map((extent) => ({ dimValue: extent })) },
      },
    },
  });
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    // Other runtimes than ONNX Runtime refuse a domain they do not know, used or not.
    opsetImport: [
      { domain: '', version: OPSET },
      ...(graph.nodes.some(({ op }) => CONTRIB.has(op))
        ? [{ domain: CONTRIB_DOMAIN, version: 1 }]
        : []),
    ],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    producerName: 'forking-paths',
    graph: {
      name: 'program',
      node: [...graph.nodes, ...renames].map(({ op, inputs, outputs, attributes }) => ({
        opType: op,
        domain: CONTRIB.has(op) ? CONTRIB_DOMAIN : '',
        input: inputs.map(name),
        output: outputs.map(name),
        attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
      })),
      initializer: Array.from(graph.constants, ([value, data]) => ({
        name: name(value),
        dims: [...value.shape],
        dataType: ELEMENT_TYPE[value.dtype],
        ...(beside?.holds(data)
          ? { dataLocation: EXTERNAL, externalData: [{ key: 'location', value: beside.file }] }
          : { rawData: bytesOf(data) }),
      })),
      input: graph.inputs.map(({ value }) => describe(value)),
      output: results.map(describe),
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

function attribute(name: string, value: AttributeValue) {
  if (typeof value === 'string') {
    return { name, type: ATTRIBUTE.string, s: new TextEncoder().encode(value) };
  }
  if (typeof value !== 'number') return { name, type: ATTRIBUTE.ints, ints: [...value] };
  if (FLOAT_ATTRIBUTES.has(name)) return { name, type: ATTRIBUTE.float, f: value };
  return { name, type: ATTRIBUTE.int, i: value };
}

function bytesOf(data: ConstantData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
