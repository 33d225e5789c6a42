import { performance } from 'node:perf_hooks';
import { setImmediate as yieldToSignals } from 'node:timers/promises';
import { Episode, findTask, loadPhysics, PHYSICS_HZ, startSeed } from '../../sim/index.ts';
import { machine, type Timing, timing } from './measure.ts';

export interface SimReport {
  readonly machine: string;
  readonly load: readonly [before: number, after: number];
  readonly physicsHz: number;
  readonly controlHz: number;
  /** One control step, physics and observation, ms. */
  readonly controlStepMs: Timing;
  /** A fresh world, ms. */
  readonly createMs: Timing;
  /** Simulated seconds a second, of one world on one core. */
  readonly realTimeFactor: number;
}

const CONTROL_HZ = 20;

/** Episodes in which the arm holds its pose, for about `seconds` each of simulated time. */
export async function benchSim(episodes: number): Promise<SimReport> {
  const { machine: name, load: before } = machine();
  const rapier = await loadPhysics();
  const task = findTask('left-right');
  const creations: number[] = [];
  const steps: number[] = [];
  for (let i = 0; i < episodes; i++) {
    const initial = task.sampleInitialState(startSeed('evaluation', 0, i));
    const began = performance.now();
    const episode = Episode.create(rapier, task, initial, CONTROL_HZ);
    creations.push(performance.now() - began);
    try {
      const command = Float32Array.from([...initial.joints, initial.gripperOpening]);
      while (!episode.timedOut) {
        const from = performance.now();
        episode.step(command);
        episode.observe();
        steps.push(performance.now() - from);
      }
    } finally {
      episode.free();
    }
    await yieldToSignals();
  }
  const controlStepMs = timing(steps);
  return {
    machine: name,
    load: [before, machine().load],
    physicsHz: PHYSICS_HZ,
    controlHz: CONTROL_HZ,
    controlStepMs,
    createMs: timing(creations),
    realTimeFactor: 1000 / CONTROL_HZ / controlStepMs.p50,
  };
}
