/**
 * Kinds of source a policy comes from, and how its policies are named. Schemas, labels, messages and
 * the page follow from this list; `server/storage/sources.ts` says how each kind is opened.
 */
import { NAME_EXPECTED, NAME_PATTERN } from '../../policies/config/names.ts';
import { SHIPPED, SHIPPED_NAMES } from '../../policies/config/shipped.ts';
import type { MethodName } from '../../policies/methods/index.ts';

interface NamePattern {
  readonly pattern: RegExp;
  readonly expected: string;
}

/** How the policies of a kind are named. */
interface SourceKind {
  /** The key under which a source holds its name. */
  readonly key: string;
  /** Every name there is, or what all of them look like and what is said of another. */
  readonly names: readonly string[] | NamePattern;
  /** Left out where the same rollout ends the same whenever it is asked for. */
  readonly replayable?: false;
}

/**
 * Every kind there is. A label is of the first kind that has such a name: runs come last, as they may
 * be called anything.
 */
export const SOURCE_KINDS = {
  /** A checkpoint that ships. */
  shipped: { key: 'name', names: SHIPPED_NAMES },
  /** A policy that a server of somebody's own runs, by its address. */
  server: {
    key: 'url',
    names: {
      pattern: /^wss?:\/\/[\w.:[\]~/-]{1,180}$/,
      expected: 'expected the address of a policy server, ws://HOST:PORT',
    },
    replayable: false,
  },
  /** A policy that LeRobot trained, by the directory it was saved in. */
  lerobot: {
    key: 'directory',
    names: {
      pattern: /^lerobot:\P{Cc}{1,500}$/u,
      expected: 'expected lerobot:DIR with the directory of a checkpoint',
    },
  },
  /** A policy in an ONNX file, by its path. */
  onnx: {
    key: 'file',
    names: {
      pattern: /^onnx:\P{Cc}{1,500}$/u,
      expected: 'expected onnx:FILE with the path of an ONNX file',
    },
  },
  /** A run trained here. */
  run: { key: 'id', names: { pattern: new RegExp(`^${NAME_PATTERN}$`), expected: NAME_EXPECTED } },
} as const satisfies Readonly<Record<string, SourceKind>>;

type Kinds = typeof SOURCE_KINDS;
export type SourceKindName = keyof Kinds;
type NameOf<K extends SourceKindName> = Kinds[K]['names'] extends readonly (infer Name)[]
  ? Name
  : string;

/** A source of one kind: `{ kind: 'run', id: … }`. */
export type SourceOf<K extends SourceKindName> = {
  [Each in K]: { readonly kind: Each } & { readonly [Key in Kinds[Each]['key']]: NameOf<Each> };
}[K];

/** Where a policy comes from. */
export type PolicySource = SourceOf<SourceKindName>;

/** Names of all kinds that list theirs. */
export const LISTED_NAMES: readonly string[] = Object.values<SourceKind>(SOURCE_KINDS).flatMap(
  ({ names }) => ('pattern' in names ? [] : names),
);

/**
 * A policy by a name of one of the kinds.
 *
 * @returns null for what names none
 */
export function sourceNamed(name: string): PolicySource | null {
  const entry = Object.entries<SourceKind>(SOURCE_KINDS).find(([, { names }]) =>
    'pattern' in names ? names.pattern.test(name) : names.includes(name),
  );
  if (!entry) return null;
  const [kind, { key }] = entry;
  // The compiler does not follow a key that is computed.
  return { kind, [key]: name } as unknown as PolicySource;
}

/** What `sourceNamed` reads. */
export function nameOfSource(source: PolicySource): string {
  const fields: Readonly<Record<string, string>> = source;
  return fields[SOURCE_KINDS[source.kind].key];
}

/** A source as messages name it: a run by its id, all others in quotes. */
export function sourceName(source: PolicySource): string {
  const run = runOf(source);
  return run === null ? `"${nameOfSource(source)}"` : `run ${run}`;
}

export function sameSource(a: PolicySource, b: PolicySource): boolean {
  return a.kind === b.kind && nameOfSource(a) === nameOfSource(b);
}

/** Id of the run whose weights act; null for what is none. */
export function runOf(source: PolicySource): string | null {
  return source.kind === 'run' ? source.id : null;
}

/** Whether its rollouts end the same whenever they are asked for. */
export function isReplayable({ kind }: PolicySource): boolean {
  return !('replayable' in SOURCE_KINDS[kind]);
}

/** Addresses of the policy servers among sources. */
export function serversAmong(sources: readonly PolicySource[]): string[] {
  return sources.flatMap((source) => (source.kind === 'server' ? [source.url] : []));
}

/** LeRobot's checkpoints and ONNX files among sources, as they name them. */
export function checkpointsAmong(sources: readonly PolicySource[]): string[] {
  return sources.flatMap((source) =>
    source.kind === 'lerobot' || source.kind === 'onnx' ? [nameOfSource(source)] : [],
  );
}

/** The method of what ships, which is known before anything is read; null for all else. */
export function methodOf(source: PolicySource): MethodName | null {
  return source.kind === 'shipped' ? SHIPPED[source.name] : null;
}
