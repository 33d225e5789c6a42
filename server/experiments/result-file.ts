/** The result of one shard as a Parquet file that says which shard it is, and whether it is whole. */
import { basename } from 'node:path';
import { sha256 } from '../../demos/files/index.ts';
import { DatasetError } from '../../demos/store/index.ts';
import { decodeParquet } from '../../demos/store/parquet/decode.ts';
import { encodeParquet } from '../../demos/store/parquet/encode.ts';
import { explainIssues } from '../../policies/config/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { canonicalJson, digestOfData } from './canonical.ts';
import { columnsOfRollouts, ROLLOUT_COLUMNS, rolloutsOfColumns } from './rows.ts';
import type { ShardResult } from './run-shard.ts';
import { type ShardDescription, shardId, shardSchema } from './shard.ts';

/** The file's key-value pairs. */
const KEYS = {
  shard: 'forking-paths:shard',
  engine: 'forking-paths:engine',
  /** Sha-256 of all of it, for who finds the file under another name. */
  content: 'forking-paths:content',
} as const;

/** What a file of a shard says. */
export interface DecodedShard extends ShardResult {
  readonly id: string;
  readonly description: ShardDescription;
}

/** A result as bytes, equal for equal results, and the name of its file. */
export interface ShardFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Digits of the digest of its bytes in a file's name: two results of one shard have two names. */
const DIGITS = 16;
/** What files of shards are called: by the shard, and by a digest of their bytes. */
const NAME = new RegExp(`^([0-9a-f]{64})\\.([0-9a-f]{${DIGITS}})\\.parquet$`);

/** @returns the shard whose result a file is by its name; null for a name of another kind */
export function shardOfName(name: string): string | null {
  return NAME.exec(name)?.[1] ?? null;
}

export function encodeShard(
  description: ShardDescription,
  { rollouts, engine }: ShardResult,
): ShardFile {
  const id = shardId(description);
  const content = contentOf(id, { rollouts, engine });
  const bytes = encodeParquet(columnsOfRollouts(rollouts, description.seed), [
    { key: KEYS.shard, value: canonicalJson(description) },
    { key: KEYS.engine, value: engine },
    { key: KEYS.content, value: content },
  ]);
  return { name: `${id}.${sha256(bytes).slice(0, DIGITS)}.parquet`, bytes };
}

/**
 * Reads a file whose name `shardOfName` knows. Its bytes are held against its name before any of them
 * is believed: a reader of Parquet may never end on others.
 *
 * @throws ProtocolError 'damaged' for what is no result of a shard, or not all of one
 */
export async function decodeShard(path: string, bytes: Uint8Array): Promise<DecodedShard> {
  const [, named, digits] = NAME.exec(basename(path)) ?? [];
  const got = sha256(bytes);
  if (!got.startsWith(digits)) {
    throw damaged(path, `expected bytes of sha-256 ${digits}…, as its name says, got ${got}`);
  }
  const { columns, rows, metadata } = await readTable(path, bytes);
  const description = readDescription(path, metadata.get(KEYS.shard));
  const rollouts = rolloutsOfColumns(columns, rows);
  if (typeof rollouts === 'string') throw damaged(path, rollouts);
  const engine = metadata.get(KEYS.engine) ?? '';
  const id = shardId(description);
  const content = contentOf(id, { rollouts, engine });
  const said = metadata.get(KEYS.content);
  if (content !== said) {
    throw damaged(path, `expected content of sha-256 ${said ?? 'none'}, got ${content}`);
  }
  const cells = rollouts.map(({ start, noise }) => [start, noise]);
  if (canonicalJson(cells) !== canonicalJson(description.cells)) {
    throw damaged(
      path,
      `expected the ${description.cells.length} rollouts of its shard, got others`,
    );
  }
  if (id !== named) throw damaged(path, `expected the shard its name says, got ${id}`);
  return { id, description, rollouts, engine };
}

async function readTable(path: string, bytes: Uint8Array) {
  try {
    return await decodeParquet(path, bytes, ...ROLLOUT_COLUMNS);
  } catch (cause) {
    if (!(cause instanceof DatasetError)) throw cause;
    // Its cure is that of demonstrations.
    const [what] = cause.message.slice(path.length + 2).split('; restore');
    throw damaged(path, what, cause);
  }
}

function readDescription(path: string, text: string | undefined): ShardDescription {
  let value: unknown;
  try {
    value = JSON.parse(text ?? 'null');
  } catch (cause) {
    throw damaged(path, 'expected the description of a shard, got no JSON', cause);
  }
  const { data, error } = shardSchema.safeParse(value);
  if (data) return data;
  throw damaged(path, `expected the description of a shard: ${explainIssues(error)}`);
}

function contentOf(id: string, { rollouts, engine }: ShardResult): string {
  return digestOfData({ id, engine, rollouts });
}

function damaged(path: string, what: string, cause?: unknown): ProtocolError {
  const message = `${path}: ${what}; run its shard again`;
  return new ProtocolError('damaged', message, { cause });
}
