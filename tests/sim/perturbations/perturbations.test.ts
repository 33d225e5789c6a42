import { afterEach, describe, expect, it } from 'vitest';
import {
  type Episode,
  formatPerturbation,
  PERTURBATIONS,
  type PerturbationName,
  parsePerturbation,
} from '../../../sim/index.ts';
import { freeEpisodes, HOLD, startEpisode } from '../../support/simulation.ts';

afterEach(freeEpisodes);

const G = 9.81;
const MASS = 0.15;
/** Of ball and table: Rapier takes the mean of 1 and 0.6. */
const FRICTION = 0.8;
const STEP = 1 / 20;

function kindOf(name: PerturbationName) {
  const kind = PERTURBATIONS.find((each) => each.name === name);
  if (!kind) throw new Error(`no ${name}`);
  return kind;
}

/** An episode in which perturbations have changed the world. */
function built(magnitudes: Partial<Record<PerturbationName, number>> = {}): Episode {
  const episode = startEpisode();
  for (const kind of PERTURBATIONS) {
    const magnitude = magnitudes[kind.name];
    if (magnitude !== undefined) episode.disturb((bodies) => kind.build?.(bodies, magnitude));
  }
  return episode;
}

/** The ball after so many control steps in which the arm holds still. */
function ballAfter(episode: Episode, steps: number) {
  for (let t = 0; t < steps; t++) episode.step(HOLD);
  let speed = 0;
  episode.disturb(({ objects: [ball] }) => {
    speed = Math.hypot(ball.linvel().x, ball.linvel().y);
  });
  return { place: episode.objectPositions()[0], speed };
}

/** Draws the same numbers over and over: a moment and a direction. */
const drawing = (...numbers: number[]) => {
  let i = 0;
  return { uniform: () => numbers[i++ % numbers.length], normal: () => 0 };
};

describe('a ball of twice the mass', () => {
  it('falls the same', () => {
    const [one, two] = [1, 2].map((mass) => {
      const episode = built({ mass });
      episode.disturb(({ objects: [ball] }) =>
        ball.setTranslation({ x: 0.7, y: 0.4, z: 0.6 }, true),
      );
      return ballAfter(episode, 5).place;
    });
    expect(one[2]).toBeLessThan(0.6 - 0.9 * 0.5 * G * (5 * STEP) ** 2);
    for (const i of [0, 1, 2]) expect(two[i]).toBeCloseTo(one[i], 6);
  });

  it('is pushed to half the speed, and half as far', () => {
    const impulse = 0.03;
    const [one, two] = [1, 2].map((mass) => {
      const episode = built({ mass });
      const [from] = episode.objectPositions();
      episode.disturb((bodies) => {
        // In the first step, straight away from the robot.
        kindOf('push').act?.(bodies, impulse, { begin: 0, end: STEP }, drawing(0, 0));
        expect(bodies.objects[0].linvel().x).toBeCloseTo(impulse / (mass * MASS), 5);
      });
      return ballAfter(episode, 20).place[0] - from[0];
    });
    expect(one).toBeGreaterThan(0.05);
    expect(Math.abs(two / one - 0.5)).toBeLessThan(0.025);
  });

  it('is to the bit what it was where the mass is once its own', () => {
    const [as, was] = [built({ mass: 1, friction: 1 }), built()].map((episode) => {
      for (let t = 0; t < 10; t++) episode.step(HOLD);
      return episode.hash;
    });
    expect(as).toBe(was);
  });
});

describe('friction', () => {
  /** Deceleration of a ball that slides for 2 v / (7 μ g) = 0.11 s or longer, m/s², over 0.05 s. */
  function deceleration(friction: number): number {
    const episode = built({ friction });
    const speed = 3;
    episode.step(HOLD);
    episode.disturb(({ objects: [ball] }) => ball.setLinvel({ x: speed, y: 0, z: 0 }, true));
    const damped = speed * (1 - 1 / (1 + 0.1 * STEP));
    return (speed - damped - ballAfter(episode, 1).speed) / STEP;
  }

  it.each([1, 0.5, 0.25, 0.1])(
    'times %d slows a sliding ball by so many times μ g, but for a tenth that soft contacts let go',
    (friction) => {
      const share = deceleration(friction) / (friction * FRICTION * G);
      expect(Math.abs(share - 1)).toBeLessThan(0.12);
    },
  );
});

describe('a push', () => {
  it('comes once, in the control step of its moment', () => {
    const episode = built();
    const pushed: number[] = [];
    for (let step = 0; step < 80; step++) {
      episode.disturb((bodies) => {
        const before = bodies.hand.linvel().y;
        const moment = { begin: step * STEP, end: (step + 1) * STEP };
        kindOf('arm-push').act?.(bodies, 1, moment, drawing(0.51, 0.25));
        if (bodies.hand.linvel().y > before) pushed.push(step);
      });
    }
    // 0.51 of 3 s.
    expect(pushed).toEqual([30]);
  });

  it('of the most that is taken leaves the arm in one piece', () => {
    const episode = built();
    const [, most] = kindOf('arm-push').range;
    episode.disturb((bodies) => {
      kindOf('arm-push').act?.(bodies, most, { begin: 0, end: STEP }, drawing(0, 0.3));
    });
    for (let t = 0; t < 20; t++) episode.step(HOLD);
    expect(episode.anchorError()).toBeLessThan(0.01);
  });
});

describe('the text of a perturbation', () => {
  const read = (text: string) => {
    const perturbation = parsePerturbation(text);
    if (typeof perturbation === 'string') throw new Error(perturbation);
    return perturbation ?? undefined;
  };

  it.each(['mass=2', 'mass=0.5+friction=0.25+push=0.01', 'camera-turn=-0.1'])(
    '%s is read and written alike',
    (text) => {
      expect(formatPerturbation(read(text))).toBe(text);
    },
  );

  it('has one order, whatever it was written in, and a word for none', () => {
    expect(formatPerturbation(read('friction=2+mass=3'))).toBe('mass=3+friction=2');
    expect([parsePerturbation('none'), formatPerturbation(undefined)]).toEqual([null, 'none']);
  });

  it.each([
    ['weight=2', 'with one of mass, friction, sensor-noise'],
    ['mass', 'got "mass"'],
    ['mass=two', 'got "mass=two"'],
    ['mass=2+mass=3', 'expected mass once'],
    ['mass=0', 'perturbation mass: expected 0.1 to 20 ×, got 0'],
    ['sensor-noise=-1', 'expected 0 to 1 rad, m, got -1'],
    ['mass=1e', 'got "mass=1e"'],
    ['control-delay=1.5', 'expected 0 to 50 whole control steps, got 1.5'],
  ])('%s is refused', (text, message) => {
    expect(parsePerturbation(text)).toContain(message);
  });
});
