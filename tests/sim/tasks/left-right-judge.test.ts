import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../../../sim/index.ts';
import { BALL } from '../../../sim/tasks/behind-posts.ts';
import { leftRight } from '../../../sim/tasks/left-right/task.ts';
import { ANY_GOAL, INITIAL_PROGRESS, type Moment, type Progress } from '../../../sim/tasks/task.ts';
import { within } from '../../support/arbitraries.ts';
import { LEFT, POST, RIGHT } from '../../support/simulation.ts';

const DT = 0.01;
const BEFORE = POST.x - 0.05;
const BEHIND = POST.x + 0.05;
const WORKING_HEIGHT = 0.11;
const ON_TABLE: Vec3 = [0.68, 0, BALL.radius];

function moment(tcp: Vec3, more: Partial<Moment> = {}): Moment {
  return { tcp, objects: [ON_TABLE], obstacleTouched: false, goal: ANY_GOAL, dt: DT, ...more };
}

function judgeAll(moments: readonly Moment[], from: Progress = INITIAL_PROGRESS): Progress {
  return moments.reduce((progress, next) => leftRight.judge(progress, next), from);
}

/** The TCP passes the post's plane at side `y`. */
function pass(y: number, z = WORKING_HEIGHT): Moment[] {
  return [moment([BEFORE, y, z]), moment([BEHIND, y, z])];
}

/** The ball is held up for `seconds`. */
function hold(seconds: number, tcp: Vec3 = [0.68, 0, 0.18]): Moment[] {
  return Array.from({ length: Math.round(seconds / DT) }, () => moment(tcp, { objects: [tcp] }));
}

describe('the mode', () => {
  it('is the side of the post the TCP passes, seen by the robot', () => {
    expect(judgeAll(pass(LEFT)).mode).toBe('left');
    expect(judgeAll(pass(RIGHT)).mode).toBe('right');
  });

  it('is unknown before the post is passed', () => {
    expect(judgeAll([moment([0.34, 0.1, 0.14]), moment([BEFORE, 0.1, 0.14])]).mode).toBeNull();
  });

  it('is told by where the path crosses the plane, not by where it comes from or goes', () => {
    // Half way from y = −0.1 to y = 0.3 the plane is crossed at y = 0.1.
    const across = (from: number, to: number) => [
      moment([BEFORE, from, WORKING_HEIGHT]),
      moment([BEHIND, to, WORKING_HEIGHT]),
    ];
    expect(judgeAll(across(-0.1, 0.3)).mode).toBe('left');
    expect(judgeAll(across(0.3, -0.1)).mode).toBe('left');
    expect(judgeAll(across(-0.3, 0.1)).mode).toBe('right');
  });

  it('is that of the last passage when the hand goes back and round the other side', () => {
    expect(judgeAll([...pass(LEFT), ...pass(RIGHT)]).mode).toBe('right');
  });

  it('does not change on the way back', () => {
    const back = [moment([BEHIND, RIGHT, WORKING_HEIGHT]), moment([BEFORE, RIGHT, WORKING_HEIGHT])];
    expect(judgeAll([...pass(LEFT), ...back]).mode).toBe('left');
  });

  it('mirrors when the scene is mirrored', () => {
    const y = within(0.001, 0.5);
    fc.assert(
      fc.property(y, within(0.02, 0.19), (side, z) => {
        expect(judgeAll(pass(side, z)).mode).toBe('left');
        expect(judgeAll(pass(-side, z)).mode).toBe('right');
      }),
    );
  });
});

describe('success', () => {
  it.each([LEFT, RIGHT])('needs a passage (y = %d), a lift and half a second of holding', (y) => {
    const progress = judgeAll([...pass(y), ...hold(0.55)]);
    expect(progress.success).toBe(true);
    expect(progress.contact).toBe(false);
    expect(progress.overObstacle).toBe(false);
  });

  it('needs the half second', () => {
    expect(judgeAll([...pass(LEFT), ...hold(0.45)]).success).toBe(false);
  });

  it('needs the half second without a break', () => {
    const dropped = moment([0.68, 0, 0.18]);
    const broken = judgeAll([...pass(LEFT), ...hold(0.4), dropped, ...hold(0.4)]);
    expect(broken.success).toBe(false);
    expect(broken.held).toBeCloseTo(0.4, 9);
    expect(judgeAll(hold(0.15), broken).success).toBe(true);
  });

  it('needs the ball 10 cm above where it rested', () => {
    const at = (height: number): Vec3 => [0.68, 0, BALL.radius + height];
    expect(judgeAll([...pass(LEFT), ...hold(1, at(0.099))]).success).toBe(false);
    expect(judgeAll([...pass(LEFT), ...hold(1, at(0.101))]).success).toBe(true);
  });

  it('needs the ball within 3 cm of the TCP', () => {
    const apart = (gap: number) =>
      hold(1).map((held): Moment => {
        const [x, y, z] = held.tcp;
        return { ...held, objects: [[x, y + gap, z]] };
      });
    expect(judgeAll([...pass(LEFT), ...apart(0.031)]).success).toBe(false);
    expect(judgeAll([...pass(LEFT), ...apart(0.029)]).success).toBe(true);
  });

  it('is refused to a hand that never passed the post', () => {
    expect(judgeAll(hold(2)).success).toBe(false);
  });

  it('is refused for good once the post was touched, however well the ball is held', () => {
    const touch = moment([BEFORE, 0.05, WORKING_HEIGHT], { obstacleTouched: true });
    const progress = judgeAll([touch, ...pass(LEFT), ...hold(2)]);
    expect(progress.contact).toBe(true);
    expect(progress.success).toBe(false);
  });

  it('is refused when the touch comes during the hold', () => {
    const held = hold(1);
    held[20] = { ...held[20], obstacleTouched: true };
    expect(judgeAll([...pass(LEFT), ...held]).success).toBe(false);
  });

  it('is refused for good to a hand that went over the post', () => {
    const progress = judgeAll([...pass(0, 0.25), ...pass(LEFT), ...hold(2)]);
    expect(progress.overObstacle).toBe(true);
    expect(progress.success).toBe(false);
  });

  it('stays once it is reached, when the ball is put down', () => {
    const reached = judgeAll([...pass(LEFT), ...hold(0.6)]);
    expect(judgeAll([moment([0.68, 0, 0.1])], reached).success).toBe(true);
  });
});

describe('a ball below the table top', () => {
  it('is lost, and stays lost', () => {
    const tcp: Vec3 = [0.68, 0, 0.18];
    const falling = judgeAll([moment(tcp, { objects: [[1.1, 0, -0.01]] })]);
    expect(falling.lost).toBe(true);
    expect(judgeAll([moment(tcp)], falling).lost).toBe(true);
    expect(judgeAll([moment(tcp)]).lost).toBe(false);
  });
});

describe('a success that was within reach', () => {
  it('is out of reach once a ball has been lost, and is taken back when the post is touched', () => {
    const lost = { ...judgeAll(pass(LEFT)), lost: true };
    expect(judgeAll(hold(1), lost).success).toBe(false);
    const held = judgeAll([...pass(LEFT), ...hold(1)]);
    expect(held.success).toBe(true);
    const tcp: Vec3 = [0.68, 0, 0.18];
    const touched = moment(tcp, { objects: [tcp], obstacleTouched: true });
    expect(judgeAll([touched], held).success).toBe(false);
  });
});

describe('a passage', () => {
  it('between the modes at 0.2 m or above counts as over the post, beside it does not', () => {
    for (const y of [0, 0.12, -0.12]) {
      expect(judgeAll(pass(y, 0.2)).overObstacle).toBe(true);
      expect(judgeAll(pass(y, 0.199)).overObstacle).toBe(false);
    }
    for (const y of [LEFT, RIGHT]) expect(judgeAll(pass(y, 0.3)).overObstacle).toBe(false);
  });

  it('is judged by its height in the plane, between two moments', () => {
    // From 0.3 to 0.08 m the plane half way is crossed at 0.19 m.
    const dive = [moment([BEFORE, LEFT, 0.3]), moment([BEHIND, LEFT, 0.08])];
    expect(judgeAll(dive).overObstacle).toBe(false);
  });

  it('leaves the progress it came from as it was', () => {
    const before = judgeAll(pass(LEFT));
    const copy = structuredClone(before);
    judgeAll([...pass(RIGHT, 0.3), ...hold(1)], before);
    expect(before).toEqual(copy);
  });
});
