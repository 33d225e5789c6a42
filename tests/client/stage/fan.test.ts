import { type InstancedBufferGeometry, Mesh } from 'three';
import { describe, expect, it } from 'vitest';
import { Fan } from '../../../client/stage/fan.ts';
import { createLineUniforms } from '../../../client/stage/fat-lines.ts';
import type { PlannedPath } from '../../../client/stage/index.ts';

const path = (color: number, chosen = false): PlannedPath => ({
  points: Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0),
  color,
  blocked: false,
  chosen,
});

/** The meshes that lines are drawn with, and how many segments and which colours they have. */
function drawn(fan: Fan) {
  const meshes: Mesh[] = [];
  fan.object.traverse((each) => {
    if (each instanceof Mesh) meshes.push(each);
  });
  const lines = meshes[0].geometry as InstancedBufferGeometry;
  const colour = lines.getAttribute('startColor');
  const segments = lines.instanceCount;
  // Red of each segment's start, in the order in which they are drawn.
  const red = Array.from({ length: segments }, (_, i) => Number(colour.getX(i).toFixed(2)));
  return { meshes: meshes.length, segments, red };
}

describe('the futures of a view', () => {
  it('are drawn over those that are remembered, in the same draw calls', () => {
    const fan = new Fan(createLineUniforms());
    fan.set([path(0xff0000, true), path(0xff0000)]);
    const before = drawn(fan);
    fan.setGhosts([path(0x000000)]);
    const after = drawn(fan);
    expect(after.meshes).toBe(before.meshes);
    // A line of three points has two segments and one that ends it.
    expect([before.segments, after.segments]).toEqual([5, 8]);
    expect(after.red.slice(0, 2)).toEqual([0, 0]);
    expect(after.red.slice(3)).toEqual(before.red);
  });

  it('may change under what is remembered, which stays until it is replaced', () => {
    const fan = new Fan(createLineUniforms());
    fan.setGhosts([path(0x000000)]);
    fan.set([path(0xff0000)]);
    fan.set([]);
    expect(drawn(fan).segments).toBe(2);
    fan.setGhosts([]);
    expect(drawn(fan).segments).toBe(0);
  });
});
