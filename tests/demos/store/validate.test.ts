import { expect, it } from 'vitest';
import type { Demonstration } from '../../../demos/demonstration.ts';
import { DatasetStore } from '../../../demos/store/index.ts';
import { DATASET, expectedFiles, filesOf, synthetic, temporaryDirectory } from './support.ts';

const store = new DatasetStore(await temporaryDirectory());
const dataset = await store.create('dataset', DATASET);
const base = synthetic(1);
const { initial } = base;

/** `array` with one number replaced. */
const withNumber = (array: Float32Array, value: number) => array.with(array.length - 1, value);

it.each<[string, string, object]>([
  ['another task', 'mismatch', { task: 'juggling' }],
  ['another control rate', 'mismatch', { controlHz: 50 }],
  ['no control rate', 'invalid-demonstration', { controlHz: 30 }],
  ['an unknown mode', 'invalid-demonstration', { mode: 'over' }],
  ['an unknown source', 'invalid-demonstration', { source: 'dream' }],
  ['a broken seed', 'invalid-demonstration', { seed: 0.5 }],
  ['a seed beyond exact integers', 'invalid-demonstration', { seed: 2 ** 53 }],
  ['a success that is no truth value', 'invalid-demonstration', { success: 1 }],
  ['no frames', 'invalid-demonstration', synthetic(1, { length: 0 })],
  ['a length that is not that of its arrays', 'invalid-demonstration', { length: base.length + 1 }],
  ['a missing state', 'invalid-demonstration', { state: undefined }],
  ['a state of f64', 'invalid-demonstration', { state: Float64Array.from(base.state) }],
  ['a short environment', 'invalid-demonstration', { environment: base.environment.slice(1) }],
  ['NaN in action', 'invalid-demonstration', { action: withNumber(base.action, Number.NaN) }],
  ['Infinity in command', 'invalid-demonstration', { command: withNumber(base.command, Infinity) }],
  ['−Infinity in state', 'invalid-demonstration', { state: withNumber(base.state, -Infinity) }],
  ['NaN at the start', 'invalid-demonstration', { initial: { ...initial, gripperOpening: NaN } }],
  ['six joints', 'invalid-demonstration', { initial: { ...initial, joints: [0, 0, 0, 0, 0, 0] } }],
  ['no object', 'invalid-demonstration', { initial: { ...initial, objects: [] } }],
  ['a hash that is none', 'invalid-demonstration', { replayHash: '' }],
  ['no physics version', 'invalid-demonstration', { physics: { ...base.physics, version: '' } }],
])('refuses %s and writes nothing', async (_, code, changes) => {
  const wrong = { ...base, ...changes } as Demonstration;
  await expect(dataset.append([base, wrong])).rejects.toMatchObject({ code });
  expect(await filesOf(dataset.directory)).toEqual(expectedFiles(0));
});

it('says what was expected and what it got', async () => {
  const wrong = synthetic(1, { action: withNumber(base.action, Number.NaN) });
  await expect(dataset.append([wrong])).rejects.toThrow(
    /expected action to be finite, got NaN in frame 5; nothing was stored/,
  );
});
