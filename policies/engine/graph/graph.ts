/**
 * Element types of values; int64 occurs only as shapes and indices, float64 only around what was traced
 * (`policies/engine/export.ts`).
 */
export type DType = 'float32' | 'float64' | 'int32' | 'int64' | 'bool';

/** Numbers of element types in ONNX, TensorProto.DataType. */
export const ELEMENT_TYPE: Readonly<Record<DType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};

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
  /** What a loop repeats; it may read values of the graph around it. */
  readonly body?: Graph;
}

export type ConstantData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
  /** Extents as a model declares them, a name for one that may be any. @default those of the value */
  readonly extents?: readonly (number | string)[];
}

/** A traced function: nodes in an order in which each comes after what it reads. */
export interface Graph {
  readonly inputs: readonly NamedValue[];
  readonly outputs: readonly NamedValue[];
  readonly constants: ReadonlyMap<Value, ConstantData>;
  readonly nodes: readonly GraphNode[];
}
