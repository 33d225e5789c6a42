import { onTestFinished } from 'vitest';
import type { TrainedPolicy } from '../../policies/network-policy.ts';
import {
  type Fan,
  type StageEpisode,
  type StageFrame,
  type StageRequest,
  type StageTrouble,
  stageSettingsSchema,
} from '../../server/protocol/index.ts';
import { Stage } from '../../server/stage/stage.ts';
import type { StagePolicy } from '../../server/stage/stage-lane.ts';
import { fanOf, frameOf } from './frames.ts';
import {
  ONE_STEP,
  SCRIPTED_POLICY,
  SCRIPTED_READER,
  type Script,
  ScriptedPolicy,
  type ScriptInputs,
} from './scripted-policy.ts';
import { HOLD, rapier, task } from './simulation.ts';

/** Faster than any page may ask for: nothing here depends on the time. */
const SPEED = 1e4;
export const SEED = 4;
export const ACTION_HORIZON = 16;
export const FIRST_ID = 40;

export const holdStill = ({ noise }: ScriptInputs) =>
  Float32Array.from(noise, (_, i) => HOLD[i % 8]);

/** Numbers of one chunk, Tp · Da. */
export const CHUNK = 32 * 8;

async function policyOf(script: Script, fan: number, of: TrainedPolicy): Promise<StagePolicy> {
  const policy = new ScriptedPolicy(script, of);
  return {
    source: { kind: 'run', id: 'a' },
    sampler: ONE_STEP,
    planner: await policy.prepare(1),
    lookingPlanner: null,
    fanPlanner: await policy.prepare(fan),
    parameters: 12,
    guidance: 1,
    inpainting: false,
    looped: false,
  };
}

/** Whether it must not be missing later. */
type Kept = { readonly kept: boolean };

/** All a stage has said. */
export interface Said {
  readonly episodes: StageEpisode[];
  readonly frames: (StageFrame & Kept)[];
  readonly fans: (Fan & Kept)[];
  readonly troubles: StageTrouble[];
}

export type Hear = (said: Said, stage: Stage) => void;

/**
 * Opens a stage and writes down what it says; `hear` is called after each message.
 *
 * @param speed simulated seconds a second
 */
export async function openStage(
  scripts: readonly Script[],
  hear: Hear,
  { fan = 1, ...rest }: Partial<StageRequest> = {},
  speed = SPEED,
): Promise<{ stage: Stage; said: Said; ended: Promise<void> }> {
  const lanes = scripts.map((_, i) => ({ policy: { kind: 'run' as const, id: `lane-${i}` } }));
  const settings = stageSettingsSchema.parse({ lanes, seed: SEED, fan, ...rest });
  const policy = settings.task === task.name ? SCRIPTED_POLICY : SCRIPTED_READER;
  const said: Said = { episodes: [], frames: [], fans: [], troubles: [] };
  let nextId = FIRST_ID;
  const keep = <T>(list: T[], message: T | null) => {
    if (message === null) throw new Error('expected a message that can be read');
    // As the socket takes it: what changes afterwards is not part of it.
    list.push(structuredClone(message));
    hear(said, stage);
  };
  const stage: Stage = new Stage({
    rapier,
    settings: { ...settings, speed },
    policies: await Promise.all(scripts.map((script) => policyOf(script, fan, policy))),
    engine: 'scripted',
    actionHorizon: ACTION_HORIZON,
    nextEpisodeId: () => nextId++,
    audience: {
      episode: (episode) => keep(said.episodes, episode),
      frame: (packed, kept) => keep(said.frames, { ...frameOf(packed), kept }),
      fan: (packed, kept) => keep(said.fans, { ...fanOf(packed), kept }),
      trouble: (trouble) => keep(said.troubles, trouble),
    },
  });
  onTestFinished(() => stage.close());
  return { stage, said, ended: stage.run() };
}

/** Plays episodes until `last` begins. */
export async function playUntil(
  scripts: readonly Script[],
  last: number,
  request: Partial<StageRequest> = {},
): Promise<Said> {
  const closeAtLast: Hear = ({ episodes }, stage) => {
    if (episodes.at(-1)?.episode === last) stage.close();
  };
  const { said, ended } = await openStage(scripts, closeAtLast, request);
  await ended;
  return said;
}
