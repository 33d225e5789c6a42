import { describe, expect, it } from 'vitest';
import { demonstrate } from '../../../demos/demonstrate.ts';
import { findExpert } from '../../../demos/experts/index.ts';
import { normalizersOf, trainingWindows, windowImages } from '../../../demos/windows.ts';
import { abilitiesOf } from '../../../policies/trained.ts';
import { Eye, eyeOf } from '../../../server/acting/eye.ts';
import { ObservationHistory } from '../../../server/acting/observation-history.ts';
import { frontCamera } from '../../../sim/camera/index.ts';
import { ACTION_DIM, Episode, findTask, STATE_DIM, startSeed } from '../../../sim/index.ts';
import { rapier } from '../../support/simulation.ts';
import { TINY_SPEC } from '../../support/tiny-policy.ts';

const task = findTask('left-right-colour');
const demonstration = demonstrate(
  rapier,
  task,
  findExpert(task.name) ?? expect.fail('no expert'),
  'left',
  {
    controlHz: 20,
    startSeed: startSeed('demonstration', 0, 0),
    expertSeed: 1,
    instruction: 'hand me the red apple',
  },
);
const IMAGE = { size: 32, channels: 8, points: 4 };

describe('what a policy with a camera learns from', () => {
  it('is what it will see: the same picture from a stored frame and from the scene', () => {
    const camera = frontCamera(IMAGE.size);
    const images = windowImages(demonstration, camera);
    const eye = new Eye(IMAGE.size);
    expect(images).toHaveLength(demonstration.length * eye.bytes);
    const episode = Episode.create(rapier, task, demonstration.initial);
    for (let t = 0; t < demonstration.length; t++) {
      if (t % 20 === 0) {
        const stored = images.subarray(t * eye.bytes, (t + 1) * eye.bytes);
        expect(Buffer.from(eye.see(episode)).equals(stored)).toBe(true);
      }
      episode.step(demonstration.command.subarray(t * ACTION_DIM, (t + 1) * ACTION_DIM));
    }
    episode.free();
  });

  it('are numbers of the arm alone: no object’s place is among them', () => {
    const normalizers = normalizersOf([demonstration], { blind: true });
    expect(normalizers.observation.size).toBe(STATE_DIM);
    const horizons = { obsHorizon: 2, predHorizon: 4 };
    const windows = trainingWindows([demonstration], normalizers, horizons);
    const elsewhere = { ...demonstration, environment: demonstration.environment.map((x) => -x) };
    expect(trainingWindows([elsewhere], normalizers, horizons)).toEqual(windows);
    expect(windows.observations).toHaveLength(demonstration.length * 2 * STATE_DIM);
  });

  it('and so are the numbers it acts on', () => {
    const episode = Episode.create(rapier, task, demonstration.initial);
    const history = new ObservationHistory(2);
    history.observe(episode);
    const seen = new Float32Array(2 * STATE_DIM);
    history.write(seen);
    const { state } = episode.observe();
    expect([...seen]).toEqual([...state, ...state]);
    episode.free();
  });
});

describe('an eye', () => {
  it('is there only for policies that look', () => {
    expect(eyeOf({ abilities: abilitiesOf(TINY_SPEC) })).toBeNull();
  });
});
