import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createCompiledEngine } from '../../policies/engine/index.ts';
import { Random } from '../../policies/random.ts';
import { compileSampler } from '../../policies/samplers/compile.ts';
import { fitLine, machine, type Slope } from './measure.ts';
import { prepare, samplerSetup } from './network.ts';

/** How much memory a process keeps of each of many equal actions. */
export interface MemoryGrowth {
  readonly name: string;
  readonly times: number;
  /** Of the process as the system counts it, bytes a time. */
  readonly rss: Slope;
  /** Of JavaScript objects, bytes a time. */
  readonly heap: Slope;
  /** Resident after the last, bytes. */
  readonly resident: number;
}

export interface MemoryReport {
  readonly machine: string;
  readonly engine: string;
  readonly results: readonly MemoryGrowth[];
}

/** Small: what leaks does so once an action, however large its tensors are. */
const NETWORK = { channels: [8], horizon: 8, batch: 4, steps: 1, threads: 1 };

/** Measures many training steps of one program, then many programs made, run once, disposed of. */
export async function benchMemory(
  times: { readonly steps: number; readonly programs: number },
  onResult: (result: MemoryGrowth) => void,
): Promise<MemoryReport> {
  const engine = createCompiledEngine({ threads: NETWORK.threads });
  const training = await prepare(engine, { ...NETWORK, kind: 'train' });
  const steps = await growth('training step', times.steps, training.call);
  await training.dispose();
  onResult(steps);
  const setup = samplerSetup(NETWORK);
  const observation = new Float32Array(setup.batch * setup.observationSize);
  const streams = Array.from({ length: setup.batch }, (_, row) => Random.of(3, row));
  const programs = await growth('program', times.programs, async () => {
    const sampler = await compileSampler(engine, setup);
    await sampler.draw(observation, streams);
    await sampler.dispose();
  });
  onResult(programs);
  return { machine: machine().machine, engine: engine.name, results: [steps, programs] };
}

/** At most. */
const SAMPLES = 40;
/** Part of the actions before the first sample: pools fill and code is compiled. */
const WARM_UP = 0.25;

async function growth(
  name: string,
  times: number,
  action: () => Promise<unknown>,
): Promise<MemoryGrowth> {
  const collect = garbageCollector();
  const begin = Math.floor(WARM_UP * times);
  const every = Math.ceil((times - begin) / SAMPLES);
  const at: number[] = [];
  const rss: number[] = [];
  const heap: number[] = [];
  for (let i = 1; i <= times; i++) {
    await action();
    if (i < begin || (i - begin) % every !== 0) continue;
    // Twice: the first frees what native objects hang on, the second those.
    collect();
    collect();
    const usage = process.memoryUsage();
    at.push(i);
    rss.push(usage.rss);
    heap.push(usage.heapUsed);
  }
  return {
    name,
    times,
    rss: fitLine(at, rss),
    heap: fitLine(at, heap),
    resident: rss[rss.length - 1],
  };
}

/** Node shows its garbage collector only when asked to. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
