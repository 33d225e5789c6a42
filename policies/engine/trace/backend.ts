import type { DataType, Tensor } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { GraphBuilder } from '../graph/builder.ts';
import type { ConstantData, DType, Value } from '../graph/graph.ts';
import { EngineError } from '../types.ts';

/** What a kernel takes and returns: a tensor without its methods. */
export interface TensorInfo {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: DataType;
}

/** What a trace may choose. */
export interface TraceOptions {
  /**
   * Writes convolutions with fewer products. Off, every convolution is one product of columns:
   * what is counted when speeds are compared. @default true
   */
  readonly fastConvolutions?: boolean;
  /** Writes what is fast for few rows; such a program takes no gradient. @default false */
  readonly fewRows?: boolean;
}

/** A tensor as it lies in memory: the value's i-th axis is the tensor's axis `order[i]`. */
export interface Laid {
  readonly value: Value;
  readonly order: readonly number[];
}

/**
 * A TensorFlow.js backend that computes nothing: each tensor stands for a value of a graph, and
 * running a function under it writes the function down, gradients included.
 */
export class TracingBackend extends tf.KernelBackend {
  graph = new GraphBuilder();
  options: TraceOptions = {};
  #tensors = new WeakMap<object, Laid>();

  /** Starts a new graph. */
  reset(options: TraceOptions = {}): void {
    this.graph = new GraphBuilder();
    this.options = options;
    this.#tensors = new WeakMap();
  }

  /** A kernel's result. */
  tensor(result: Value | Laid): TensorInfo {
    const laid = 'order' in result ? result : inOrder(result);
    const dataId = {};
    this.#tensors.set(dataId, laid);
    return { dataId, shape: shapeOf(laid), dtype: tensorType(laid.value.dtype) };
  }

  /** A tensor for use in TensorFlow.js functions. */
  wrap(value: Value): Tensor {
    const { dataId, shape, dtype } = this.tensor(value);
    return tf.engine().makeTensorFromDataId(dataId, shape, dtype, this);
  }

  /**
   * Its axes in the tensor's own order.
   *
   * @throws EngineError for a tensor made outside the trace, whose numbers the graph cannot know
   */
  value(tensor: Pick<TensorInfo, 'dataId' | 'shape'>): Value {
    const { value, order } = this.laid(tensor);
    return this.graph.transpose(
      value,
      order.map((_, axis) => order.indexOf(axis)),
    );
  }

  /** The same, its axes as they lie. */
  laid({ dataId, shape }: Pick<TensorInfo, 'dataId' | 'shape'>): Laid {
    const laid = this.#tensors.get(dataId);
    if (!laid) throw new EngineError('a traced function used a tensor made outside of it');
    const own = shapeOf(laid);
    // Reshapes may share data: the tensor's shape decides.
    const same = own.length === shape.length && own.every((extent, i) => extent === shape[i]);
    if (same) return laid;
    return inOrder(this.graph.reshape(this.value({ dataId, shape: own }), shape));
  }

  override write(values: tf.BackendValues, shape: number[], dtype: DataType): object {
    const dataId = {};
    this.move(dataId, values, shape, dtype);
    return dataId;
  }

  override move(dataId: object, values: tf.BackendValues, shape: number[], dtype: DataType): void {
    const type = elementType(dtype);
    this.#tensors.set(dataId, inOrder(this.graph.constant(constantOf(values, type), type, shape)));
  }

  override readSync(dataId: object): Float32Array | Int32Array {
    const laid = this.#tensors.get(dataId);
    const data = laid?.order.every((axis, i) => axis === i) && this.graph.constantData(laid.value);
    if (data instanceof Float32Array || data instanceof Int32Array) return data;
    throw new EngineError(
      'a traced function read the numbers of a tensor: it must not depend on data ' +
        '(use tf.where, or pass the number in as an input)',
    );
  }

  override read(dataId: object): Promise<Float32Array | Int32Array> {
    return Promise.resolve(this.readSync(dataId));
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override numDataIds(): number {
    return 0;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  // Nothing is held per tensor, so there is nothing to count or to free.
  override refCount(): number {
    return 1;
  }

  override incRef(): void {}

  decRef(): void {}

  override disposeData(): boolean {
    return true;
  }
}

function inOrder(value: Value): Laid {
  return { value, order: value.shape.map((_, axis) => axis) };
}

function shapeOf({ value, order }: Laid): number[] {
  return order.map((_, axis) => value.shape[order.indexOf(axis)]);
}

/** Element type in the graph of a TensorFlow.js type. */
export function elementType(dtype: DataType): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new EngineError(`a traced tensor is ${dtype}: expected float32, int32 or bool`);
}

function tensorType(dtype: DType): DataType {
  if (dtype === 'int64') return 'int32';
  return dtype === 'float64' ? 'float32' : dtype;
}

/** Numbers in the array of an element type. */
export function constantOf(values: tf.BackendValues, dtype: DType): ConstantData {
  const numbers = values as ArrayLike<number>;
  if (dtype === 'bool') return Uint8Array.from(numbers);
  if (dtype === 'int32') return Int32Array.from(numbers);
  return Float32Array.from(numbers);
}
