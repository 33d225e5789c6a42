import { FLOAT, type Graph, numbersIn, readGraph, refuse, toNumber } from './content.ts';
import { manifestOf, type OnnxInput, type OnnxManifest } from './manifest.ts';

/** An input as it is fed. */
export interface OnnxFeed extends OnnxInput {
  readonly name: string;
  /** Null along the axis of the rows, where any number will do. */
  readonly extents: readonly (number | null)[];
  /** Whole numbers of 64 bits, of an instruction. */
  readonly wide: boolean;
}

/** What is to be known of a policy in a file. */
export interface OnnxFacts {
  readonly manifest: OnnxManifest;
  /** Rows of its inputs; null where any number will do. */
  readonly batch: number | null;
  /** Do: numbers that are observed in a control step. */
  readonly observationDim: number;
  readonly actionDim: number;
  readonly feeds: readonly OnnxFeed[];
  /** Rows of its output, those before `first_row` too. */
  readonly outputRows: number;
  /** Numbers that it holds. */
  readonly parameters: number;
}

const MOST_ROWS = 1024;
const MOST_EXTENT = 4096;
/** TensorProto.DataType of whole numbers. */
const INT32 = 6;
const INT64 = 7;

/**
 * What a file and its manifest say of its policy; nothing of it is run.
 *
 * @param manifest what lies beside it. @default what `export` wrote into it
 * @throws OnnxPolicyError for a file that is damaged, holds more than a graph of standard operators, or
 *         has other inputs and outputs than its manifest says
 */
export function inspectOnnx(bytes: Uint8Array, manifest?: OnnxManifest): OnnxFacts {
  const { model, graph } = readGraph(bytes);
  const constants = new Set((graph.initializer ?? []).map(({ name }) => name));
  const inputs = (graph.input ?? []).filter(({ name }) => !constants.has(name));
  const names = inputs.map(({ name }) => name ?? '');
  const entries = (model.metadataProps ?? []).map(({ key, value }) => [key ?? '', value ?? '']);
  const said = manifest ?? manifestOf(Object.fromEntries(entries), names);
  const expected = Object.keys(said.inputs);
  if ([...names].sort().join() !== [...expected].sort().join()) {
    refuse(`inputs ${quoted(expected)}, as its manifest has them`, quoted(names));
  }
  const feeds = expected.map((name) => feedOf(inputs[names.indexOf(name)], said.inputs[name]));
  checkFeeds(said, feeds);
  const [observed, outputs] = [observationOf(said, feeds), graph.output ?? []];
  const output = outputs.find(({ name }) => name === said.output.name);
  if (!output || outputs.length !== 1) {
    return refuse(
      `one output, "${said.output.name}"`,
      quoted(outputs.map(({ name }) => name ?? '')),
    );
  }
  const { outputRows, actionDim, rows } = shapeOfOutput(said, output);
  const batches = new Set([rows, ...feeds.map(({ extents, row_axis: axis }) => extents[axis])]);
  if (batches.size > 1) {
    const all = [...batches].map((each) => each ?? 'any').join(', ');
    refuse('as many rows of all inputs and the output', all);
  }
  return {
    manifest: said,
    batch: rows,
    observationDim: observed,
    actionDim,
    feeds,
    outputRows,
    parameters: numbersIn(graph),
  };
}

type ValueInfo = NonNullable<Graph['input']>[number];

function feedOf(info: ValueInfo, input: OnnxInput): OnnxFeed {
  const { type, extents } = typed(info);
  const isText = input.is === 'instruction';
  const fits = isText ? type === INT32 || type === INT64 : type === FLOAT;
  const name = info.name ?? '';
  if (!fits) refuse(`"${name}" of ${isText ? 'int32 or int64' : 'f32'}`, `type ${type}`);
  checkExtents(name, extents, input.row_axis);
  return { ...input, name, extents, wide: type === INT64 };
}

function typed({ type }: ValueInfo): { type: number; extents: (number | null)[] } {
  const { elemType, shape } = type?.tensorType ?? {};
  const extents = (shape?.dim ?? []).map(({ dimValue, dimParam }) =>
    dimParam ? null : toNumber(dimValue ?? 0),
  );
  return { type: Number(elemType), extents };
}

/** @throws OnnxPolicyError unless every extent but that of the rows is known */
function checkExtents(name: string, extents: readonly (number | null)[], axis: number): void {
  const fits = extents.every((extent, i) =>
    i === axis
      ? extent === null || (extent >= 1 && extent <= MOST_ROWS)
      : extent !== null && extent >= 1 && extent <= MOST_EXTENT,
  );
  if (fits && extents.length > axis && extents.length <= 5) return;
  refuse(`"${name}" of known extents but for the rows along axis ${axis}`, shown(extents));
}

/** @throws OnnxPolicyError where what an input is given does not fit its shape */
function checkFeeds(
  { observation_horizon: steps }: OnnxManifest,
  feeds: readonly OnnxFeed[],
): void {
  const kinds = feeds.map(({ is }) => is);
  for (const kind of new Set(kinds)) {
    const times = kinds.filter((each) => each === kind).length;
    if (kind !== 'noise' && times > 1) refuse(`one input that is ${kind}`, String(times));
  }
  for (const feed of feeds) {
    const { name, is, row_axis: axis, extents } = feed;
    const [, ...rest] = extents;
    if (is === 'noise') continue;
    if (axis !== 0) refuse(`rows of "${name}" along axis 0`, `axis ${axis}`);
    if (is === 'instruction') {
      if (rest.length !== 1 || !feed.words)
        refuse(`"${name}" [rows, words], with "words"`, shown(extents));
    } else if (is === 'image') {
      sideOf(feed);
    } else {
      const size = rest.reduce<number>((product, extent) => product * (extent ?? 1), 1);
      const isApart = rest.length === 2 && rest[0] === steps;
      if (!isApart && (rest.length !== 1 || size % steps !== 0)) {
        refuse(`"${name}" [rows, ${steps}, n] or [rows, ${steps} · n]`, shown(extents));
      }
    }
    checkStatistics(feed);
  }
}

/** Of one control step. */
export function widthOf({ extents }: OnnxFeed, steps: number): number {
  return extents.slice(1).reduce<number>((product, extent) => product * (extent ?? 1), 1) / steps;
}

/** Pixels a side. @throws OnnxPolicyError unless it is a square in three colours */
export function sideOf({ name, extents }: Pick<OnnxFeed, 'name' | 'extents'>): number {
  const [, a, b, c] = extents;
  const side = extents.length === 4 ? (c === 3 && a === b && a) || (a === 3 && b === c && b) : 0;
  if (side && side <= 256) return side;
  return refuse(
    `"${name}" [rows, size, size, 3] or [rows, 3, size, size], at most 256`,
    shown(extents),
  );
}

/** Whether colours come before places. */
export function isColourFirst({ extents }: Pick<OnnxFeed, 'extents'>): boolean {
  return extents[3] !== 3;
}

function checkStatistics({ name, is, extents, min, mean }: OnnxFeed): void {
  const count = (min ?? mean)?.length;
  const last = is === 'image' ? 1 : (extents.at(-1) ?? 1);
  if (count === undefined || count === 1 || last % count === 0) return;
  refuse(`"${name}": 1 or as many statistics as numbers, ${last}`, String(count));
}

function observationOf(
  { observation_horizon: steps }: OnnxManifest,
  feeds: readonly OnnxFeed[],
): number {
  const width = (is: OnnxInput['is']) => {
    const feed = feeds.find((each) => each.is === is);
    return feed ? widthOf(feed, steps) : 0;
  };
  return (
    width('observation') || width('observation.state') + width('observation.environment_state')
  );
}

function shapeOfOutput({ output, prediction_horizon: horizon }: OnnxManifest, info: ValueInfo) {
  const { type, extents } = typed(info);
  if (type !== FLOAT) refuse(`"${output.name}" of f32`, `type ${type}`);
  checkExtents(output.name, extents, 0);
  const [rows, steps, actionDim] = extents;
  if (extents.length !== 3 || (steps ?? 0) < output.first_row + horizon) {
    const least = output.first_row + horizon;
    refuse(`"${output.name}" [rows, ${least} or more, n], as its manifest says`, shown(extents));
  }
  const count = (output.min ?? output.mean)?.length ?? 1;
  if (count !== 1 && count !== actionDim) {
    refuse(`"${output.name}": 1 or ${actionDim} statistics`, String(count));
  }
  return { outputRows: steps ?? 0, actionDim: actionDim ?? 0, rows };
}

function shown(extents: readonly (number | null)[]): string {
  return `[${extents.map((extent) => extent ?? 'any').join(', ')}]`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ') || 'none';
}
