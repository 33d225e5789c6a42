import type { Graph, GraphNode, Value } from '../graph/graph.ts';
import { sizeOf } from '../types.ts';
import { FreshValues } from './fresh-values.ts';

type Shape = readonly number[];

/** Operators that make each number from those at its place, so that any shape serves them. */
const ELEMENTWISE = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow', 'Where', 'Clip', 'Cast'],
  ...['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal', 'And', 'Not'],
  ...['Abs', 'Cos', 'Erf', 'Exp', 'Log', 'Neg', 'Reciprocal', 'Relu', 'Sigmoid', 'Sign', 'Sin'],
  ...['Softplus', 'Sqrt', 'Tanh', 'QuickGelu'],
]);

/** Of fewer numbers, a reshape costs next to nothing and a moved one gains as little. */
const MIN_SIZE = 16_384;

/**
 * Carries reshapes through elementwise operators, to where they meet and cancel: each operator runs
 * in the shape in which it and its neighbours take the fewest reshapes. No number changes, not in
 * its last bit.
 *
 * @param minSize smallest result whose operator may run in another shape
 * @cost about 50 ms for a training step of a U-Net
 */
export function carryReshapes(graph: Graph, minSize = MIN_SIZE): Graph {
  return new ReshapeCarrier(graph, minSize).carry();
}

/**
 * The same of small arrays, for programs whose time goes to the number of operators. What scales by a single
 * number stays where it is: next to a convolution ONNX Runtime would fold it into the filter, but not where
 * the convolution's own result is wanted as well, and results must not depend on what else is put out.
 */
export function carrySmallReshapes(graph: Graph): Graph {
  return new ReshapeCarrier(graph, 2, isScaling).carry();
}

function isScaling({ op, inputs }: GraphNode): boolean {
  return op === 'Mul' && inputs.some(({ shape }) => sizeOf(shape) === 1);
}

/** What reads a value: an operator's operand, or, without one, what wants it in its own shape. */
interface Reader {
  readonly value: Value;
  readonly node?: GraphNode;
}

class ReshapeCarrier {
  readonly #graph: Graph;
  /** What each reshape's result is a view of. */
  readonly #sources = new Map<Value, Value>();
  readonly #readers = new Map<Value, Reader[]>();
  /** Operators that may run in another shape, with the shape they run in. */
  readonly #shapes = new Map<GraphNode, Shape>();
  readonly #makers = new Map<Value, GraphNode>();

  constructor(graph: Graph, minSize: number, stays: (node: GraphNode) => boolean = () => false) {
    this.#graph = graph;
    for (const node of graph.nodes) {
      const { op, inputs, outputs } = node;
      if (op === 'Reshape') {
        this.#sources.set(outputs[0], this.#sourceOf(inputs[0]));
        continue;
      }
      const movable = isMovable(node, minSize) && !stays(node);
      if (movable) {
        this.#shapes.set(node, outputs[0].shape);
        this.#makers.set(outputs[0], node);
      }
      for (const value of inputs) this.#read(readerOf(node, value, movable));
    }
    for (const { value } of graph.outputs) this.#read({ value });
  }

  carry(): Graph {
    const movable = [...this.#shapes.keys()];
    // Down with what operands are, up with what readers want; going on changes nothing more.
    for (const node of movable) this.#settle(node, this.#operandShapes(node));
    for (const node of movable.reverse()) this.#settle(node, this.#readerShapes(node));
    return this.#rewrite();
  }

  #sourceOf(value: Value): Value {
    return this.#sources.get(value) ?? value;
  }

  #read(reader: Reader): void {
    const source = this.#sourceOf(reader.value);
    const readers = this.#readers.get(source);
    if (readers) readers.push(reader);
    else this.#readers.set(source, [reader]);
  }

  /** The shape in which the numbers of a source are made. */
  #shapeOf(source: Value): Shape {
    const maker = this.#makers.get(source);
    return (maker && this.#shapes.get(maker)) ?? source.shape;
  }

  /** The shape in which a value is read; null where no shape would do. */
  #shapeFor({ value, node }: Reader): Shape | null {
    const shape = node && this.#shapes.get(node);
    if (!node || !shape) return value.shape;
    const wanted = operandShape(value.shape, node.outputs[0].shape, shape);
    const there = this.#shapeOf(this.#sourceOf(value));
    return wanted && serves(there, wanted, shape) ? there : wanted;
  }

  /** Reshapes of a source. */
  #cost(source: Value): number {
    const there = String(this.#shapeOf(source));
    const wanted = new Set(
      (this.#readers.get(source) ?? []).map((each) => this.#shapeFor(each)?.join()),
    );
    wanted.delete(there);
    return wanted.size;
  }

  /** Shapes of what an operator works on. */
  #operandShapes(node: GraphNode): Shape[] {
    return node.inputs.map((value) => this.#shapeOf(this.#sourceOf(value)));
  }

  #readerShapes({ outputs }: GraphNode): Shape[] {
    const readers = this.#readers.get(outputs[0]) ?? [];
    return readers.map((reader) => this.#shapeFor(reader)).filter((shape) => shape !== null);
  }

  /** Gives an operator the candidate shape that costs least, the present one only if it is less. */
  #settle(node: GraphNode, candidates: readonly Shape[]): void {
    const { inputs, outputs } = node;
    const sources = [...new Set([outputs[0], ...inputs.map((value) => this.#sourceOf(value))])];
    const cost = () => sources.reduce((total, source) => total + this.#cost(source), 0);
    const size = sizeOf(outputs[0].shape);
    let best = this.#shapes.get(node) ?? outputs[0].shape;
    let least = cost();
    const tried = new Set([String(best)]);
    for (const shape of candidates) {
      if (sizeOf(shape) !== size || tried.has(String(shape)) || !takes(node, shape)) continue;
      tried.add(String(shape));
      this.#shapes.set(node, shape);
      const readers = inputs.map((value) => readerOf(node, value, true));
      if (readers.some((reader) => this.#shapeFor(reader) === null)) continue;
      const now = cost();
      if (now > least) continue;
      least = now;
      best = shape;
    }
    this.#shapes.set(node, best);
  }

  #rewrite(): Graph {
    const fresh = new FreshValues(this.#graph);
    const nodes: GraphNode[] = [];
    const made = new Map<Value, Value>();
    const views = new Map<string, Value>();
    const view = (reader: Reader): Value => {
      const source = this.#sourceOf(reader.value);
      const from = made.get(source) ?? source;
      const shape = this.#shapeFor(reader) ?? reader.value.shape;
      if (String(from.shape) === String(shape)) return from;
      const key = `${from.id}[${shape}]`;
      const known = views.get(key);
      if (known) return known;
      const result = fresh.value(from.dtype, shape);
      const inputs = [from, fresh.int64(shape)];
      nodes.push({ op: 'Reshape', inputs, outputs: [result], attributes: {} });
      views.set(key, result);
      return result;
    };
    for (const node of this.#graph.nodes) {
      if (node.op === 'Reshape') continue;
      const shape = this.#shapes.get(node);
      const inputs = node.inputs.map((value) => view(readerOf(node, value, shape !== undefined)));
      const [output] = node.outputs;
      if (!shape || String(shape) === String(output.shape)) {
        nodes.push({ ...node, inputs });
        continue;
      }
      const result = fresh.value(output.dtype, shape);
      made.set(output, result);
      nodes.push({ ...node, inputs, outputs: [result] });
    }
    const outputs = this.#graph.outputs.map(({ name, value }) => ({
      name,
      value: view({ value }),
    }));
    return { ...this.#graph, nodes, constants: fresh.constants, outputs };
  }
}

/** Whether an operator may run in another shape: one of its operands then has that shape as well. */
function isMovable({ op, inputs, outputs }: GraphNode, minSize: number): boolean {
  const size = sizeOf(outputs[0].shape);
  const isLarge = size >= Math.max(1, minSize);
  const isFree = ELEMENTWISE.has(op) || op === AFFINE;
  return isFree && isLarge && inputs.some(({ shape }) => sizeOf(shape) === size);
}

/** Scales and shifts along its second axis: how what follows that is divided into axes makes no difference. */
const AFFINE = 'BatchNormalization';

function takes({ op, outputs: [{ shape: own }] }: GraphNode, shape: Shape): boolean {
  return op !== AFFINE || (shape[0] === own[0] && shape[1] === own[1]);
}

/** An operator that may run in another shape reads in it what it works on, which are not its vectors. */
function readerOf(node: GraphNode, value: Value, movable: boolean): Reader {
  const isMoved = movable && (node.op !== AFFINE || value === node.inputs[0]);
  return isMoved ? { value, node } : { value };
}

/** Without leading ones, which broadcasting adds by itself. */
function bare(shape: Shape): Shape {
  const first = shape.findIndex((extent) => extent !== 1);
  return first < 0 ? [] : shape.slice(first);
}

/** Whether an operand of a shape is met as one of the wanted shape would be. */
function serves(shape: Shape, wanted: Shape, result: Shape): boolean {
  if (sizeOf(wanted) === sizeOf(result)) return String(shape) === String(wanted);
  return shape.length <= result.length && String(bare(shape)) === String(bare(wanted));
}

/**
 * Shape in which an operand meets the same numbers when the result has another shape: each axis as
 * long as the result's, or one where the operand is repeated. Null where an axis would be both.
 */
function operandShape(operand: Shape, whole: Shape, target: Shape): Shape | null {
  if (sizeOf(operand) === sizeOf(whole)) return target;
  // Runs of axes along which the operand is repeated, or is not, by where they end, counted in
  // numbers from the last axis on.
  const runs: { end: number; repeated: boolean }[] = [];
  let end = 1;
  for (let i = 1; i <= whole.length; i++) {
    const extent = whole[whole.length - i];
    if (extent === 1) continue;
    end *= extent;
    const repeated = (operand[operand.length - i] ?? 1) === 1;
    const last = runs[runs.length - 1];
    if (last?.repeated === repeated) last.end = end;
    else runs.push({ end, repeated });
  }
  const shape: number[] = [];
  let place = 1;
  for (const extent of [...target].reverse()) {
    const run = runs.find((each) => each.end > place);
    place *= extent;
    if (run && place > run.end) return null;
    shape.unshift(run?.repeated === false ? extent : 1);
  }
  return bare(shape);
}
