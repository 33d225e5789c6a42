/** Results of shards on disk; DuckDB reads them as anybody would. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeShard, encodeShard, shardOfName } from '../../../server/experiments/result-file.ts';
import { shardId, shardsOf } from '../../../server/experiments/shard.ts';
import { startSeed } from '../../../sim/index.ts';
import { someNewResult, somePlan, someResult } from '../../support/experiments.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const [, { description: SHARD }] = shardsOf(somePlan());
const RESULT = someResult(SHARD);
const { name: NAME, bytes: BYTES } = encodeShard(SHARD, RESULT);

describe('the file of a shard', () => {
  it('says how smooth rollouts were and where they passed, and null where they did not', async () => {
    const result = someNewResult(SHARD);
    const { name, bytes } = encodeShard(SHARD, result);
    expect(await decodeShard(name, bytes)).toMatchObject(result);
    expect(result.rollouts.map(({ offset }) => offset?.plan)).toContain(null);
  });

  it('of an earlier version is still read, and would be written as it was', async () => {
    // As the version before wrote it, when results told neither.
    expect(NAME).toMatch(/\.90de3f14737d3e5b\.parquet$/);
    const { rollouts } = await decodeShard(NAME, BYTES);
    expect(rollouts.flatMap(({ smoothness, offset }) => [smoothness, offset])).toEqual(
      new Array(2 * rollouts.length).fill(undefined),
    );
  });

  it('says what was written, to the bit', async () => {
    const read = await decodeShard(NAME, BYTES);
    expect(read).toEqual({ ...RESULT, description: SHARD, id: shardId(SHARD) });
    expect(shardOfName(NAME)).toBe(shardId(SHARD));
  });

  it('has equal bytes and an equal name for equal results', () => {
    const again = encodeShard(structuredClone(SHARD), someResult(SHARD));
    expect(again).toEqual({ name: NAME, bytes: BYTES });
  });

  it('is refused where it was cut off, wherever', async () => {
    for (let length = 0; length < BYTES.length; length += 7) {
      await expect(decodeShard(NAME, BYTES.subarray(0, length))).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringMatching(/: expected .*, got .*; run its shard again$/),
      });
    }
  });

  it('is refused with any one byte changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: BYTES.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const other = BYTES.slice();
          other[at] ^= by;
          await expect(decodeShard(NAME, other)).rejects.toMatchObject({ code: 'damaged' });
        },
      ),
    );
  });

  it('is refused where it holds other rollouts than its shard has', async () => {
    const others = encodeShard(SHARD, { ...RESULT, rollouts: RESULT.rollouts.slice(1) });
    await expect(decodeShard(others.name, others.bytes)).rejects.toThrow(
      'expected the 2 rollouts of its shard, got others',
    );
  });

  it('is refused under the name of another shard', async () => {
    const other = NAME.replace(/^[0-9a-f]{64}/, 'a'.repeat(64));
    await expect(decodeShard(other, BYTES)).rejects.toThrow('expected the shard its name says');
  });

  it('is a table to others, with all it takes to replay a rollout', async () => {
    const path = join(await temporaryDirectory(), 'shard.parquet');
    await writeFile(path, BYTES);
    const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = await duckdb.runAndReadAll(`SELECT * FROM '${path}'`);
    expect(reader.getRowObjectsJson()).toEqual(
      RESULT.rollouts.map((each) => ({
        start: String(each.start),
        noise: String(each.noise),
        start_seed: String(startSeed('evaluation', 3, each.start)),
        noise_key: ['3', String(each.start), String(each.noise)],
        instruction: null,
        success: each.success,
        contact: each.contact,
        mode: each.mode,
        lifted: each.lifted,
        steps: String(each.steps),
        first_plan: each.firstPlan,
        plans: each.plans,
        switched: false,
        seam_squares: each.seam.squares,
        seam_count: String(each.seam.count),
        motion_seams_squares: each.motion.seams.squares,
        motion_seams_count: '7',
        motion_beside_squares: each.motion.beside.squares,
        motion_beside_count: '14',
        failure: null,
        replay_hash: each.replayHash,
      })),
    );
    const pairs = await duckdb.runAndReadAll(
      `SELECT decode(value) v FROM parquet_kv_metadata('${path}') WHERE decode(key) = 'forking-paths:shard'`,
    );
    const [{ v }] = pairs.getRowObjectsJson();
    expect(JSON.parse(String(v))).toEqual(SHARD);
  });
});
