import onnxProto from 'onnx-proto';
import {
  type AttributeValue,
  type ConstantData,
  ELEMENT_TYPE,
  type Graph,
  type GraphNode,
  type NamedValue,
  type Value,
} from './graph.ts';
import { OPSET } from './opset.ts';

const { onnx } = onnxProto;

/** ONNX file format that carries this operator set. */
const IR_VERSION = 9;

/** Operators that ONNX Runtime has beside the standard ones. */
const CONTRIB_DOMAIN = 'com.microsoft';
const CONTRIB = new Set(['FusedMatMul', 'QuickGelu']);

/** AttributeProto.AttributeType */
const ATTRIBUTE = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;
/** Attributes that ONNX defines as floats; a whole value must not be taken for an int. */
const FLOAT_ATTRIBUTES = new Set(['alpha', 'beta', 'epsilon']);

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
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    // Other runtimes than ONNX Runtime refuse a domain they do not know, used or not.
    opsetImport: [
      { domain: '', version: OPSET },
      ...(isContrib(graph) ? [{ domain: CONTRIB_DOMAIN, version: 1 }] : []),
    ],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    producerName: 'forking-paths',
    graph: graphOf('program', graph, new Map(), beside),
  });
  return onnx.ModelProto.encode(model).finish();
}

function isContrib({ nodes }: Graph): boolean {
  return nodes.some(({ op, body }) => CONTRIB.has(op) || (body && isContrib(body)));
}

/** @param names of values so far: those of a body are others than those of what is around it */
function graphOf(
  graphName: string,
  graph: Graph,
  names: Map<Value, string>,
  beside?: Beside,
): object {
  const named = new Set<Value>();
  const renames: GraphNode[] = [];
  const made = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  const results = graph.outputs.map((output): NamedValue => {
    const { name, value } = output;
    if (made.has(value) && !named.has(value)) {
      named.add(value);
      names.set(value, name);
      return output;
    }
    // An input, a constant or another output as well: it gets a node of its own, which copies it.
    const renamed: Value = { ...value };
    renames.push({ op: 'Identity', inputs: [value], outputs: [renamed], attributes: {} });
    names.set(renamed, name);
    return { ...output, value: renamed };
  });
  for (const { name, value } of graph.inputs) names.set(value, name);
  const nameOf = (value: Value) => {
    const name = names.get(value) ?? `v${names.size}`;
    names.set(value, name);
    return name;
  };
  const describe = ({ value, extents = value.shape }: NamedValue) => ({
    name: nameOf(value),
    type: {
      tensorType: {
        elemType: ELEMENT_TYPE[value.dtype],
        shape: {
          dim: extents.map((extent) =>
            typeof extent === 'string' ? { dimParam: extent } : { dimValue: extent },
          ),
        },
      },
    },
  });
  return {
    name: graphName,
    node: [...graph.nodes, ...renames].map(({ op, inputs, outputs, attributes, body }) => ({
      opType: op,
      domain: CONTRIB.has(op) ? CONTRIB_DOMAIN : '',
      input: inputs.map(nameOf),
      output: outputs.map(nameOf),
      attribute: [
        ...Object.entries(attributes).map(([key, value]) => attribute(key, value)),
        ...(body
          ? [{ name: 'body', type: ATTRIBUTE.graph, g: graphOf('body', body, names, beside) }]
          : []),
      ],
    })),
    initializer: Array.from(graph.constants, ([value, data]) => ({
      name: nameOf(value),
      dims: [...value.shape],
      dataType: ELEMENT_TYPE[value.dtype],
      ...(beside?.holds(data)
        ? { dataLocation: EXTERNAL, externalData: [{ key: 'location', value: beside.file }] }
        : { rawData: bytesOf(data) }),
    })),
    input: graph.inputs.map(describe),
    output: results.map(describe),
  };
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
