import { Matrix4, PerspectiveCamera, type Vector2, Vector3 } from 'three';
import { beforeEach, expect, it } from 'vitest';
import { HandGrab } from '../../../client/stage/hand-grab.ts';

/** Of the picture, CSS px. */
const SIZE = 400;
/** Between the finger tips, m; the fingers point down. */
const TIPS = new Vector3(0.4, 0, 0.2);
const HAND = new Matrix4().makeRotationX(Math.PI).setPosition(TIPS);

const camera = new PerspectiveCamera(30, 1, 0.1, 10);
camera.up.set(0, 0, 1);
camera.position.set(2.4, 0, 1.2);
camera.lookAt(0.4, 0, 0.2);
camera.updateMatrixWorld();

/** An element with what the grab uses of one. */
class Canvas extends EventTarget {
  setPointerCapture(): void {}
}

let canvas: Canvas;
let told: { view: string; offset: number[]; phase: string }[];
let marked: (string | null)[];
let held: boolean[];
let grab: HandGrab;

beforeEach(() => {
  [canvas, told, marked, held] = [new Canvas(), [], [], []];
  const track = (event: PointerEvent, ndc: Vector2) => {
    ndc.set((2 * event.clientX) / SIZE - 1, 1 - (2 * event.clientY) / SIZE);
  };
  grab = new HandGrab(
    {
      canvas: canvas as unknown as HTMLCanvasElement,
      camera,
      pick: (event, ndc) => {
        track(event, ndc);
        return { view: '2', hand: HAND };
      },
      track,
      onMark: (view) => marked.push(view),
      onHold: (now) => held.push(now),
      setCursor: () => {},
    },
    (view, offset, phase) => told.push({ view, offset: [...offset], phase }),
  );
});

/** Where a world point appears, CSS px. */
function seen(point: Vector3): { clientX: number; clientY: number } {
  const { x, y } = point.clone().project(camera);
  return { clientX: ((x + 1) / 2) * SIZE, clientY: ((1 - y) / 2) * SIZE };
}

/** @returns whether the orbit controls would not hear of it */
function send(type: string, point: Vector3, pointerType = 'mouse'): boolean {
  let passed = false;
  canvas.addEventListener(type, () => (passed = true), { once: true });
  const event = new Event(type, { cancelable: true });
  const own = { ...seen(point), pointerType, pointerId: 1, button: 0, buttons: 0 };
  canvas.dispatchEvent(Object.assign(event, own));
  return !passed;
}

it('draws the hand in the plane that faces the camera, as far as the pointer went', () => {
  expect(send('pointerdown', TIPS)).toBe(true);
  const across = new Vector3(0, 0.1, 0);
  send('pointermove', TIPS.clone().add(across));
  const upwards = new Vector3(0, 0, 1).applyQuaternion(camera.quaternion).cross(across).negate();
  send('pointermove', TIPS.clone().add(upwards));
  send('pointerup', TIPS);
  expect(told.map(({ view, phase }) => `${view} ${phase}`)).toEqual([
    '2 start',
    '2 move',
    '2 move',
    '2 end',
  ]);
  expect(told[0].offset).toEqual([0, 0, 0]);
  for (const [i, expected] of [across, upwards].entries()) {
    told[i + 1].offset.forEach((value, axis) => {
      expect(value).toBeCloseTo(expected.getComponent(axis), 6);
    });
  }
  expect(held).toEqual([true, false]);
});

it('takes the whole hand, from the finger tips to the wrist, and nothing beside it', () => {
  expect(send('pointerdown', new Vector3(0.4, 0, 0.33))).toBe(true);
  send('pointerup', TIPS);
  expect(send('pointerdown', new Vector3(0.4, 0.06, 0.2))).toBe(false);
  expect(send('pointerdown', new Vector3(0.4, 0, 0.42))).toBe(false);
  expect(told.map(({ phase }) => phase)).toEqual(['start', 'end']);
});

it('is easier to take with a finger than with a mouse', () => {
  expect(send('pointerdown', new Vector3(0.4, 0.06, 0.2), 'touch')).toBe(true);
  expect(told).toHaveLength(1);
});

it('shows what can be taken before it is', () => {
  send('pointermove', TIPS);
  send('pointermove', new Vector3(0.4, 0.2, 0.2));
  expect(marked).toEqual(['2', null]);
  expect(told).toEqual([]);
});

it('lets go where it is taken away under a pointer', () => {
  send('pointerdown', TIPS);
  grab.dispose();
  expect(told.map(({ phase }) => phase)).toEqual(['start', 'end']);
  expect(held).toEqual([true, false]);
  expect(marked.at(-1)).toBeNull();
});
