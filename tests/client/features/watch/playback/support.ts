import { INVALID, NO_MODE } from '../../../../../server/protocol/frames.ts';
import type { Fan, StageEpisode, StageFrame } from '../../../../../server/protocol/index.ts';

const MODES = { none: NO_MODE, invalid: INVALID, left: 0, right: 1 };

export function episodeInfo(change: Partial<StageEpisode> = {}): StageEpisode {
  const counts = {
    episodes: 0,
    successes: 0,
    contacts: 0,
    obeyed: 0,
    modes: { left: 0, right: 0 },
  };
  const lane = (policy: 'l2' | 'flow') => ({
    policy,
    source: { kind: 'shipped' as const, name: policy },
    sampler: policy === 'l2' ? 'direct' : 'euler',
    nfe: policy === 'l2' ? 1 : 10,
    eta: 0,
    parameters: 1000,
    predHorizon: 32,
    guidance: 1,
    tokens: [],
    unknown: [],
  });
  return {
    request: 1,
    id: 1,
    noise: 0,
    seed: 0,
    episode: 0,
    actionHorizon: 16,
    controlHz: 20,
    engine: 'test',
    lanes: [lane('l2'), lane('flow')],
    counts: [counts, counts],
    task: 'left-right',
    objects: [[0.68, 0, 0.03]],
    instruction: null,
    ...change,
  };
}

/** Two lanes; joints count the steps, those of the second lane from 100 on. */
export function frameAt(
  step: number,
  flags: { contact?: boolean; success?: boolean; ended?: boolean } = {},
  episodeId = 1,
): StageFrame {
  const { contact = false, success = false, ended = false } = flags;
  const lane = (offset: number) => ({
    joints: new Array(7).fill(offset + step),
    opening: step / 100,
    objects: [[1, 2, 3]],
    contact,
    success,
    ended,
    mode: NO_MODE,
    lifted: -1,
  });
  return { episodeId, step, lanes: [lane(0), lane(100)] };
}

export function fanAt(
  lane: number,
  step: number,
  modes: readonly (keyof typeof MODES)[] = ['left'],
  episodeId = 1,
): Fan {
  return {
    lane,
    episodeId,
    step,
    nfe: 1,
    milliseconds: 5,
    horizon: 2,
    paths: modes.map((mode) => ({ mode: MODES[mode], points: new Float32Array(6) })),
    chunk: new Float32Array(16),
    attention: null,
  };
}
