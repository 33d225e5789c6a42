import { ANY_ROWS, forAnyRows } from './graph/any-rows.ts';
import { GraphBuilder } from './graph/builder.ts';
import type { Graph, Value } from './graph/graph.ts';
import { encodeOnnx } from './graph/onnx.ts';
import { OPSET } from './graph/opset.ts';
import { optimize } from './passes/index.ts';
import { trace } from './trace/trace.ts';
import type { TensorFunction, TensorSpec } from './types.ts';

/** Numbers that become 0 and ±1, along the last axis or for all alike. */
export interface Units {
  readonly centre: Float64Array;
  readonly half: Float64Array;
}

/** A function with its inputs. */
export interface Traced {
  readonly fn: TensorFunction;
  readonly inputs: readonly TensorSpec[];
}

/** What a model takes in, and what that becomes. */
export interface ModelInput extends TensorSpec {
  /** Axis of the rows. @default 0 */
  readonly rowAxis?: number;
  /** Input of the function that it is, or null for what only a loop reads. */
  readonly becomes: string | null;
  /** What it is in; absent: nothing to be converted. */
  readonly units?: Units;
}

/** A function as a model for others. */
export interface ExportedModel {
  /** The function and what the model takes in, for so many rows. */
  readonly at: (rows: number) => Traced & { readonly given: readonly ModelInput[] };
  /** Rows of the model; null: any number of them. */
  readonly rows: number | null;
  readonly output: { readonly name: string; readonly of: string; readonly units: Units };
  /** Where the function is one step of many. */
  readonly steps?: ModelSteps;
}

/** A step that is repeated, its own number of `coefficients` each time. */
export interface ModelSteps {
  /** [steps, n], the input "step" of each */
  readonly coefficients: Float32Array;
  readonly count: number;
  /** Inputs that are carried from step to step, by the output they become. */
  readonly carried: Readonly<Record<string, string>>;
  /** Input that takes its part of a given tensor, [steps, …], or nothing. */
  readonly fresh: { readonly input: string; readonly from: string | null };
}

/** Numbers of rows that are traced for any: primes, of which no other extent is a multiple. */
const TRACED_ROWS = [17, 19] as const;

/**
 * A function in units of its own as the bytes of an ONNX model in others', which computes to the bit what
 * the compiled engine does: units are converted in double precision, as `Normalizer` does.
 *
 * @throws EngineError as `trace` and `forAnyRows`
 */
export async function exportModel(
  model: ExportedModel,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const graph = await tracedFor(model);
  const { given } = model.at(model.rows ?? TRACED_ROWS[0]);
  const builder = new GraphBuilder();
  const inputs = new Map<string, Value>();
  const become: Record<string, Value> = {};
  for (const input of given) {
    const { name, dtype = 'float32', shape, rowAxis = 0, becomes } = input;
    const value = builder.input(name, dtype, shape, extentsOf(model, shape, rowAxis));
    inputs.set(name, value);
    if (becomes !== null)
      become[becomes] = converted(builder, value, input, shapeOf(graph, becomes));
  }
  if (!model.steps) {
    for (const { name } of graph.inputs) become[name] ??= blank(builder, graph, name, become);
  }
  const results = model.steps
    ? repeated(builder, { graph, model, steps: model.steps, inputs, become })
    : builder.splice(graph, become);
  const { name, of, units } = model.output;
  const chunk = results[of];
  const value = inUnits(builder, chunk, units);
  const whole = builder.finish([{ name, value, extents: extentsOf(model, chunk.shape) }]);
  return encodeOnnx(whole, { ...metadata, opset: String(OPSET) });
}

async function tracedFor({ at, rows }: ExportedModel): Promise<Graph> {
  const traced = async (count: number) => {
    const { fn, inputs } = at(count);
    return { graph: optimize(await trace(fn, inputs)), rows: count };
  };
  if (rows !== null) return (await traced(rows)).graph;
  const [first, second] = [await traced(TRACED_ROWS[0]), await traced(TRACED_ROWS[1])];
  return forAnyRows(first, second, 'observation');
}

/** Of a model of any rows the axis of these has a name. */
function extentsOf(
  { rows }: Pick<ExportedModel, 'rows'>,
  shape: readonly number[],
  rowAxis = 0,
): (number | string)[] {
  return shape.map((extent, axis) => (rows === null && axis === rowAxis ? ANY_ROWS : extent));
}

function shapeOf({ inputs }: Graph, name: string): readonly number[] {
  return inputs.find((input) => input.name === name)?.value.shape ?? [];
}

/** As the function takes it in. */
function converted(
  builder: GraphBuilder,
  value: Value,
  { units }: ModelInput,
  shape: readonly number[],
): Value {
  let result = value;
  if (units) {
    const { centre, half } = constantsOf(builder, units);
    const double = builder.cast(value, 'float64');
    const moved = builder.node('Sub', [double, centre], double);
    result = builder.node('Div', [moved, half], double);
  }
  if (result.dtype !== 'float32') result = builder.cast(result, 'float32');
  if (String(result.shape) === String(shape)) return result;
  return builder.node('Reshape', [result, builder.int64([-1, ...shape.slice(1)])], { shape });
}

/** The reverse. */
function inUnits(builder: GraphBuilder, value: Value, units: Units): Value {
  const { centre, half } = constantsOf(builder, units);
  const double = builder.cast(value, 'float64');
  const scaled = builder.node('Mul', [double, half], double);
  return builder.cast(builder.node('Add', [scaled, centre], double), 'float32');
}

function constantsOf(builder: GraphBuilder, { centre, half }: Units) {
  return {
    centre: builder.constant(centre, 'float64', [centre.length]),
    half: builder.constant(half, 'float64', [half.length]),
  };
}

/** A step as the body of a loop. */
function repeated(
  builder: GraphBuilder,
  {
    graph,
    model,
    steps: { coefficients, count, carried, fresh },
    inputs,
    become,
  }: {
    readonly graph: Graph;
    readonly model: ExportedModel;
    readonly steps: ModelSteps;
    readonly inputs: ReadonlyMap<string, Value>;
    readonly become: Readonly<Record<string, Value>>;
  },
): Record<string, Value> {
  const width = coefficients.length / count;
  const table = builder.constant(coefficients, 'float32', [count, width]);
  const names = Object.entries(carried);
  const begins = names.map(([input]) => become[input] ?? blank(builder, graph, input, become));
  const part = fresh.from === null ? null : inputs.get(fresh.from);
  const still = part ? null : blank(builder, graph, fresh.input, become);

  const body = new GraphBuilder();
  const turn = body.input('turn', 'int64', []);
  const goesOn = body.input('goes_on', 'bool', []);
  const values = names.map(([input], i) => {
    const { shape } = begins[i];
    return body.input(`${input}_before`, 'float32', shape, extentsOf(model, shape));
  });
  const ofTurn = (all: Value) =>
    body.node('Gather', [all, turn], { shape: all.shape.slice(1) }, { axis: 0 });
  const results = body.splice(graph, {
    ...become,
    ...Object.fromEntries(names.map(([input], i) => [input, values[i]])),
    step: ofTurn(table),
    [fresh.input]: part ? ofTurn(part) : (still ?? table),
  });
  const outputs = names.map(([input, output]) => {
    const value = results[output];
    return { name: `${input}_after`, value, extents: extentsOf(model, value.shape) };
  });
  const ended = builder.loop(
    count,
    begins,
    body.finish([{ name: 'goes_on_after', value: goesOn }, ...outputs]),
  );
  return Object.fromEntries(names.map(([, output], i) => [output, ended[i]]));
}

/** Zeros for an input of the function that nobody gives. */
function blank(
  builder: GraphBuilder,
  graph: Graph,
  input: string,
  become: Readonly<Record<string, Value>>,
): Value {
  const shape = shapeOf(graph, input);
  const like = Object.values(become).find(({ shape: [rows] }) => rows === shape[0]);
  if (!like) throw new RangeError(`expected an input with the rows of "${input}", got none`);
  const int64 = (...extents: number[]) => ({ shape: extents, dtype: 'int64' }) as const;
  const rows = builder.node('Shape', [like], int64(1), { start: 0, end: 1 });
  const extents = builder.node(
    'Concat',
    [rows, builder.int64(shape.slice(1))],
    int64(shape.length),
    { axis: 0 },
  );
  return builder.node('Expand', [builder.scalar(0), extents], { shape });
}
