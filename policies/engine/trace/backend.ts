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
}

/**
 * A TensorFlow.js backend that computes nothing: each tensor stands for a value of a graph, and
 * running a function under it writes the function down, gradients included.
 */
export class TracingBackend extends tf.KernelBackend {
  graph = new GraphBuilder();
  options: TraceOptions = {};
  #values = new WeakMap<object, Value>();

  /** Starts a new graph. */
  reset(options: TraceOptions = {}): void {
    this.graph = new GraphBuilder();
    this.options = options;
    this.#values = new WeakMap();
  }

  /** A kernel's result. */
  tensor(value: Value, dtype: DataType = tensorType(value.dtype)): TensorInfo {
    const dataId = {};
    this.#values.set(dataId, value);
    return { dataId, shape: [...value.shape], dtype };
  }

  /** A tensor for use in TensorFlow.js functions. */
  wrap(value: Value): Tensor {
    const { dataId, shape, dtype } = this.tensor(value);
    return tf.engine().makeTensorFromDataId(dataId, shape, dtype, this);
  }

  /**
   * @throws EngineError for a tensor made outside the trace, whose numbers the graph cannot know
   */
  value({ dataId, shape }: Pick<TensorInfo, 'dataId' | 'shape'>): Value {
    const value = this.#values.get(dataId);
    if (!value) throw new EngineError('a traced function used a tensor made outside of it');
    // Reshapes may share data: the tensor's shape decides.
    const same =
      value.shape.length === shape.length && value.shape.every((extent, i) => extent === shape[i]);
    return same ? value : this.graph.reshape(value, shape);
  }

  override write(values: tf.BackendValues, shape: number[], dtype: DataType): object {
    const dataId = {};
    this.move(dataId, values, shape, dtype);
    return dataId;
  }

  override move(dataId: object, values: tf.BackendValues, shape: number[], dtype: DataType): void {
    const type = elementType(dtype);
    this.#values.set(dataId, this.graph.constant(constantOf(values, type), type, shape));
  }

  override readSync(dataId: object): Float32Array | Int32Array {
    const value = this.#values.get(dataId);
    const data = value && this.graph.constantData(value);
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

/** Element type in the graph of a TensorFlow.js type. */
export function elementType(dtype: DataType): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new EngineError(`a traced tensor is ${dtype}: expected float32, int32 or bool`);
}

function tensorType(dtype: DType): DataType {
  return dtype === 'int64' ? 'int32' : dtype;
}

/** Numbers in the array of an element type. */
export function constantOf(values: tf.BackendValues, dtype: DType): ConstantData {
  const numbers = values as ArrayLike<number>;
  if (dtype === 'bool') return Uint8Array.from(numbers);
  if (dtype === 'int32') return Int32Array.from(numbers);
  return Float32Array.from(numbers);
}
