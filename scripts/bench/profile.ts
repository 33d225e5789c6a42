import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createCompiledEngine, type Engine } from '../../policies/engine/index.ts';
import { interruptible, unlessStopped } from '../interrupt.ts';
import type { BenchCase } from './in-turns.ts';
import { timeCalls } from './measure.ts';

/** What one kind of operator takes in one call of a program. */
export interface OperatorShare {
  readonly operator: string;
  /** Nodes of this kind in the program that runs. */
  readonly nodes: number;
  /**
   * Each node's fastest time, summed, ms: what else runs on the machine only ever adds. Includes
   * about 1 µs a node for taking the time; 0 where all took less than the clock's microsecond.
   */
  readonly ms: number;
  readonly share: number;
}

/** One entry of ONNX Runtime's profile, as far as it is used. */
const eventsSchema = z.array(
  z.looseObject({
    cat: z.string(),
    name: z.string(),
    dur: z.number(),
    args: z.looseObject({ op_name: z.string().optional() }).optional(),
  }),
);

const KERNEL = '_kernel_time';

/** Attributes the time of a case's program to its operators. */
export async function profileCase(
  benchCase: BenchCase,
  calls: number,
): Promise<readonly OperatorShare[]> {
  const folder = await mkdtemp(join(tmpdir(), 'forking-paths-profile-'));
  try {
    return await interruptible('stopping', (signal) =>
      unlessStopped(signal, measure(benchCase, calls, folder)),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  benchCase: BenchCase,
  calls: number,
  folder: string,
): Promise<readonly OperatorShare[]> {
  const engine = createCompiledEngine({ threads: benchCase.threads });
  const profiled: Engine = {
    ...engine,
    compile: (fn, inputs, options) =>
      engine.compile(fn, inputs, { ...options, profile: join(folder, 'profile') }),
  };
  const work = await benchCase.prepare(profiled);
  await timeCalls(work.call, calls);
  await work.dispose();
  const [file] = await readdir(folder);
  const text = await readFile(join(folder, file), 'utf8');
  return attribute(eventsSchema.parse(JSON.parse(text)));
}

function attribute(events: z.infer<typeof eventsSchema>): OperatorShare[] {
  const nodes = new Map<string, { operator: string; fastest: number }>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith(KERNEL)) continue;
    const fastest = Math.min(dur, nodes.get(name)?.fastest ?? Number.POSITIVE_INFINITY);
    nodes.set(name, { operator: args?.op_name ?? 'unknown', fastest });
  }
  const operators = new Map<string, { nodes: number; ms: number }>();
  for (const { operator, fastest } of nodes.values()) {
    const sum = operators.get(operator) ?? { nodes: 0, ms: 0 };
    operators.set(operator, { nodes: sum.nodes + 1, ms: sum.ms + fastest / 1000 });
  }
  const total = [...operators.values()].reduce((sum, { ms }) => sum + ms, 0);
  return Array.from(operators, ([operator, sum]) => ({
    operator,
    ...sum,
    share: sum.ms / total,
  })).sort((a, b) => b.ms - a.ms);
}
