/**
 * Many viewers of one stage, on two servers that share a PostgreSQL database: memory, evenness, age of
 * frames, whether all see the same to the bit, and what becomes of those whose server is killed:
 * `npm run measure:viewers -- [--viewers 1000] [--seconds 60] [--policies l2,flow] [--fan 16]`. It starts
 * the database, both servers and, in a process of their own, the viewers. Prints one JSON document.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { percentiles } from '../../server/statistics/index.ts';
import { PACKAGE_ROOT } from '../../server/storage/package-root.ts';
import { machine } from '../bench/measure.ts';
import { parseLane } from '../options.ts';
import { openMeasuring, say } from './measuring.ts';
import { childrenOf, cpuOf } from './postgres.ts';
import type { ToViewers, ViewersInput, ViewersReport } from './viewers.ts';

const CLI = join(PACKAGE_ROOT, 'dist', 'scripts', 'cli.js');
const VIEWERS = fileURLToPath(new URL('./viewers.js', import.meta.url));
/** Between two viewers that come, ms. */
const ARRIVAL_MS = 15;
/** Longest wait for all of them to see something, ms. */
const PATIENCE_MS = 600_000;
const MIB = 1024 ** 2;

const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '60' },
    policies: { type: 'string', default: 'l2,flow' },
    fan: { type: 'string', default: '16' },
  },
});
const viewers = Number(values.viewers);
const seconds = Number(values.seconds);
const { root, store, keep, print } = await openMeasuring('viewers');
await print(measure);

async function measure() {
  const servers = [await startServer('a'), await startServer('b')];
  const crowd = startCrowd();
  const started = await Promise.all(servers.map(stateOf));
  say(`${viewers} viewers come`);
  await crowd.open({
    urls: servers.map(({ url }) => url),
    viewers,
    pauseMs: ARRIVAL_MS,
    settings: {
      lanes: values.policies.split(',').map((entry) => parseLane(entry, {})),
      fan: Number(values.fan),
      seed: 4,
      together: true,
    },
  });
  const come = await Promise.all(servers.map(stateOf));
  say(`they watch for ${seconds} s`);
  const { load } = machine();
  const before = await store.cpuSeconds();
  const crowdBefore = await crowd.cpu();
  const watched = await crowd.watch(seconds);
  const crowdCpu = (await crowd.cpu()) - crowdBefore;
  const storeCpu = (await store.cpuSeconds()) - before;
  const gone = await Promise.all(servers.map(stateOf));
  say('the database is away for 5 s');
  await store.stop('kill');
  const alone = await crowd.watch(5);
  await store.start();
  await delay(5000);
  say('a server is killed');
  const [left, killed] = servers;
  killed.process.kill('SIGKILL');
  const moved = await crowd.watch(Math.max(10, seconds / 2));
  const last = await stateOf(left);
  return {
    ...machine(),
    load,
    viewers,
    seconds,
    policies: values.policies,
    servers: servers.map((_, i) => ({
      rssMiB: { started: started[i].rss, come: come[i].rss, watched: gone[i].rss },
      stagesRssMiB: { started: started[i].stages, watched: gone[i].stages },
      cpu: (gone[i].cpu - come[i].cpu) / seconds,
      stagesCpu: (gone[i].stagesCpu - come[i].stagesCpu) / seconds,
    })),
    storeCpu: storeCpu / seconds,
    viewersCpu: crowdCpu / seconds,
    watched: described(watched, seconds),
    withoutStore: described(alone, 5),
    afterKill: {
      ...described(moved, Math.max(10, seconds / 2)),
      awayMs: percentiles(moved.away),
      cameBack: moved.away.length,
      rssMiB: last.rss,
    },
  };
}

function described(report: ViewersReport, over: number) {
  const frames = [...report.frames].sort((a, b) => a - b);
  const at = (part: number) => frames[Math.floor(part * (frames.length - 1))] / over;
  const { steps, stepsOfSeveral, differing, connected, problems } = report;
  return {
    framesPerSecond: { min: at(0), p1: at(0.01), median: at(0.5), max: at(1) },
    frameAgeMs: ofHistogram(report.ages),
    /** Between the first viewer of each server, of the same control step. */
    serversApartMs: percentiles(report.apart),
    steps,
    stepsOfSeveral,
    differing,
    connected,
    problems,
  };
}

/** Percentiles of whole milliseconds, of which there are so many each. */
function ofHistogram(counts: readonly number[]) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const at = (part: number) => {
    let sum = 0;
    return counts.findIndex((count) => {
      sum += count;
      return sum >= part * total;
    });
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1), frames: total };
}

interface Server {
  readonly url: string;
  readonly process: ChildProcess;
}

async function startServer(name: string): Promise<Server> {
  const child = keep(
    spawn(
      process.execPath,
      [
        ...[CLI, 'serve', '--port', '0', '--data', join(root, name), '--queue', store.url()],
        // The viewers come through one, with addresses of their own.
        ...['--pages', String(viewers + 10), '--trust-proxy', '127.0.0.1'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    ),
  );
  if (child.stdout === null) throw new Error('expected its output');
  for await (const chunk of child.stdout) {
    const url = /https?:\/\/\S+/.exec(String(chunk))?.[0];
    if (url) return { url, process: child };
  }
  throw new Error('expected a server that listens, got one that ended');
}

/** What a server's own process and that of its stages hold, MiB, and have computed, s. */
async function stateOf({ process: { pid = 0 } }: Server) {
  const [stages = 0] = await childrenOf(pid);
  return {
    rss: await residentOf(pid),
    stages: await residentOf(stages),
    cpu: (await cpuOf(pid)) - (await cpuOf(stages)),
    stagesCpu: await cpuOf(stages),
  };
}

async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kib = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Math.round((Number(kib) * 1024) / MIB);
}

function startCrowd() {
  const child = keep(fork(VIEWERS, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  const tell = (message: ToViewers) => child.send(message);
  const report = async (): Promise<ViewersReport> => {
    tell({ kind: 'report' });
    const [told] = await once(child, 'message');
    return told;
  };
  return {
    async open(input: ViewersInput): Promise<void> {
      tell({ kind: 'open', input });
      // A wait that is not needed any more must not keep this process.
      const tooLong = delay(PATIENCE_MS, undefined, { ref: false });
      const opened = await Promise.race([once(child, 'message'), tooLong]);
      if (opened) return;
      const { problems, connected } = await report();
      throw new Error(`expected ${viewers} that see something, got ${connected}: ${problems}`);
    },
    cpu: () => cpuOf(child.pid ?? 0),
    async watch(over: number): Promise<ViewersReport> {
      tell({ kind: 'begin' });
      await delay(1000 * over);
      return report();
    },
  };
}
