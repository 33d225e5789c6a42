/** Element types of traced values; int64 occurs only as shape and index constants. */
export type DType = 'float32' | 'int32' | 'int64' | 'bool';

/** One tensor of a graph: made once, by an input, a constant or a node. */
export interface Value {
  readonly id: number;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

export type AttributeValue = number | string | readonly number[];

/** One ONNX operator of the standard domain, its outputs' shapes known. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export type ConstantData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

/** A traced function: nodes in an order in which each comes after what it reads. */
export interface Graph {
  readonly inputs: readonly NamedValue[];
  readonly outputs: readonly NamedValue[];
  readonly constants: ReadonlyMap<Value, ConstantData>;
  readonly nodes: readonly GraphNode[];
}
