import type { World } from '@dimforge/rapier3d-compat';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { SimError } from '../../errors.ts';
import { distance, type Vec3 } from '../../math/vec.ts';
import { GROUP, type Rapier } from '../../physics.ts';
import { randomOf } from '../../random.ts';
import {
  BALL,
  buildBall,
  buildTableAndPosts,
  checkStart,
  drawHandStart,
  judgeGrasp,
  passageOf,
} from '../behind-posts.ts';
import type { InitialState, Mode, SceneHandles, Task } from '../task.ts';
import { LEFT, RIGHT } from '../ways.ts';
import { COLOURS, colourLanguage } from './language.ts';
import { SCENE } from './scene.ts';

const MODES = [LEFT, RIGHT] as const satisfies readonly Mode[];
const PASSAGE = passageOf(SCENE.obstacles, MODES);

/**
 * Ranges the balls' starts are drawn from, m: centre ± spread. One lies on either side of the
 * middle; which colour lies where is drawn too, so that only the colour tells them apart.
 */
const BALL_START = { x: { centre: 0.68, spread: 0.02 }, y: { centre: 0.08, spread: 0.015 } };
/** Reachable, and behind the post; so far apart that the open hand fits over one ball alone. */
const PLACING = { x: [0.6, 0.74], y: [-0.12, 0.12], apart: 0.11 } as const;
/** Longest instruction, characters. */
const MAX_INSTRUCTION = 200;

function sampleInitialState(seed: number): InitialState {
  const random = randomOf(seed);
  const around = (centre: number, spread: number) =>
    centre + (2 * uniformFloat64(random) - 1) * spread;
  const hand = drawHandStart(around, seed);
  const firstSide = uniformFloat64(random) < 0.5 ? 1 : -1;
  const objects = COLOURS.map((_, i): Vec3 => {
    const x = around(BALL_START.x.centre, BALL_START.x.spread);
    const y = around(BALL_START.y.centre, BALL_START.y.spread);
    const side = i === 0 ? firstSide : -firstSide;
    return [Math.fround(x), Math.fround(side * y), Math.fround(BALL.radius)];
  });
  return { ...hand, objects, instruction: '' };
}

function validateInitialState(state: InitialState): void {
  checkStart(state, COLOURS, PLACING);
  const { objects, instruction = '' } = state;
  const apart = distance(objects[0], objects[1]);
  if (!(apart >= PLACING.apart - 1e-6)) {
    throw new SimError(
      `balls: expected at least ${PLACING.apart} m apart, got ${apart.toFixed(3)}`,
    );
  }
  if (instruction.length > MAX_INSTRUCTION) {
    throw new SimError(
      `instruction: expected at most ${MAX_INSTRUCTION} characters, got ${instruction.length}`,
    );
  }
}

function build(rapier: Rapier, world: World, initial: InitialState): SceneHandles {
  const obstacles = buildTableAndPosts(rapier, world, SCENE.obstacles);
  const balls = initial.objects.map((centre) => buildBall(rapier, world, centre, GROUP.object));
  return { objects: balls.map(({ handle }) => handle), obstacles };
}

/**
 * Grasp the ball one is told to, behind a post, past the side one is told to. Success is the right
 * ball held up; the side is the mode, and whether it is the one asked for is for who evaluates.
 */
export const leftRightColour = {
  name: 'left-right-colour',
  title: 'Grasp the ball you are told to',
  instruction: 'Pick up the ball you are told to without touching the post.',
  modes: MODES,
  scene: SCENE,
  timeLimit: 9,
  environmentNames: [
    ...COLOURS.flatMap((colour) => ['x', 'y', 'z'].map((axis) => `${colour}.${axis}`)),
    'tcp.x',
    'tcp.y',
    'tcp.z',
  ],
  objectNames: COLOURS,
  placing: PLACING,
  language: colourLanguage,
  sampleInitialState,
  validateInitialState,
  build,
  environmentState: (tcp, objects) => [...objects.flat(), ...tcp],
  judge: (progress, moment) => judgeGrasp(PASSAGE, COLOURS, progress, moment),
  classifyPath: PASSAGE.classifyPath,
  lateralOffset: PASSAGE.lateralOffset,
} as const satisfies Task;
