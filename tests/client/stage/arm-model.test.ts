import { Box3, MeshBasicMaterial, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { createArmModel } from '../../../client/stage/arm-model.ts';
import { ArmParts } from '../../../client/stage/arm-parts.ts';
import { Wardrobe } from '../../../client/stage/finishes.ts';
import { createFrames, forwardKinematics, HOME, JOINTS } from '../../../sim/index.ts';

const material = new MeshBasicMaterial();
const finish = { high: material, low: material };
const parts = new ArmParts('low').all;
const arm = createArmModel(
  parts,
  { shell: finish, joint: finish, light: finish },
  new Wardrobe('high'),
);

/** Joint positions spread over the ranges by a low-discrepancy sequence, so that runs agree. */
function spreadJoints(index: number): number[] {
  return JOINTS.map(({ range: [low, high] }, joint) => {
    const share = (0.5 + (index + 1) * Math.sqrt(2 + 3 * joint)) % 1;
    return low + share * (high - low);
  });
}

describe('arm parts', () => {
  it('in low quality have less than a fifth of the triangles, and the same outline to 2 mm', () => {
    const triangles = (quality: 'high' | 'low') =>
      parts.reduce((sum, { geometry }) => sum + (geometry[quality].index?.count ?? 0) / 3, 0);
    expect(triangles('low')).toBeLessThan(triangles('high') / 5);
    for (const { frame, surface, geometry } of parts) {
      const [high, low] = [geometry.high, geometry.low].map((each) => {
        each.computeBoundingBox();
        return each.boundingBox ?? new Box3();
      });
      expect([frame, surface, low.min.distanceTo(high.min) < 0.002]).toEqual([
        frame,
        surface,
        true,
      ]);
      expect([frame, surface, low.max.distanceTo(high.max) < 0.002]).toEqual([
        frame,
        surface,
        true,
      ]);
    }
  });
});

describe('arm parts that are no longer drawn', () => {
  it('are freed, in each quality that was asked for', () => {
    const freed: string[] = [];
    const both = new ArmParts('high');
    for (const quality of ['high', 'low'] as const) {
      for (const { geometry } of both.all) {
        geometry[quality].addEventListener('dispose', () => freed.push(quality));
      }
    }
    both.dispose();
    const each = both.all.length;
    expect(freed).toEqual([...Array(each).fill('high'), ...Array(each).fill('low')]);
  });
});

describe('arm model', () => {
  it('puts the TCP where forward kinematics does, and turns it likewise', () => {
    const frames = createFrames();
    for (const joints of [HOME, ...Array.from({ length: 200 }, (_, i) => spreadJoints(i))]) {
      forwardKinematics(joints, frames);
      arm.pose(joints, 0.04);
      const drawn = arm.tcp.matrixWorld.elements;
      for (let row = 0; row < 3; row++) {
        expect(Math.abs(drawn[12 + row] - frames.tcpPosition[row])).toBeLessThan(1e-6);
        for (let column = 0; column < 3; column++) {
          const error = drawn[4 * column + row] - frames.tcpRotation[3 * row + column];
          expect(Math.abs(error)).toBeLessThan(1e-6);
        }
      }
    }
  });

  it('opens the fingers to the distance it is told, about the TCP', () => {
    const [left, right] = ['fingerLeft', 'fingerRight'].map((frame) => {
      const part = parts.find((candidate) => candidate.frame === frame);
      let finger: Vector3 | undefined;
      arm.pose(HOME, 0.05);
      arm.root.traverse((object) => {
        if ('geometry' in object && object.geometry === part?.geometry.high) {
          finger = object.getWorldPosition(new Vector3());
        }
      });
      if (!finger) throw new Error(`no ${frame} in the model`);
      return finger;
    });
    expect(left.distanceTo(right)).toBeCloseTo(0.05, 9);
    const middle = arm.tcp.worldToLocal(left.clone().add(right).multiplyScalar(0.5));
    expect(middle.x).toBeCloseTo(0, 9);
    expect(middle.y).toBeCloseTo(0, 9);
  });
});
