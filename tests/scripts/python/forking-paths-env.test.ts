import { execFile, execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningDoor } from '../../../server/door.ts';
import { serveEnvironment } from '../../../server/environment-server.ts';
import { startSeed } from '../../../sim/index.ts';
import { freeEpisodes, startEpisode, task } from '../../support/simulation.ts';
import { ROOT } from '../../support/sources.ts';

/** Of those that the client needs; none of them is needed by anything else here. */
const PYTHON = process.env.PYTHON ?? 'python3';

afterAll(freeEpisodes);

function hasGymnasium(): boolean {
  try {
    const needed = 'import gymnasium, msgpack, numpy, websockets.sync.client';
    execFileSync(PYTHON, ['-c', needed], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const CLIENT = join(ROOT, 'scripts/python');
const run = promisify(execFile);

/** An episode at one of the starts of seed 7, and the arm's pose in it. */
function at(start: number) {
  const initial = task.sampleInitialState(startSeed('evaluation', 7, start));
  const episode = startEpisode(initial);
  return { episode, state: [...episode.observe().state] };
}

describe.skipIf(!hasGymnasium())('the client in Python', { timeout: 120_000 }, () => {
  let server: RunningDoor;
  beforeAll(async () => {
    server = await serveEnvironment({
      ...{ task: 'left-right', controlHz: 20, host: '127.0.0.1', port: 0, processes: 1 },
    });
  });
  afterAll(() => server.close());

  it('is an environment by Gymnasium’s own check, alone and in lockstep, with the bits of the simulator', async () => {
    const script = join(ROOT, 'tests/scripts/python/try_environment.py');
    const { stdout } = await run(PYTHON, [script, server.url, CLIENT]);
    const seen = JSON.parse(stdout);

    const { episode, state } = at(4);
    const { environment } = episode.observe();
    while (!episode.decided) episode.step(state);
    expect(seen.pictures).toEqual([true, true]);
    expect(seen.start).toBe(4);
    expect(seen.begins).toEqual([...state, ...environment]);
    expect(seen.held).toEqual([episode.steps, 0, false, true, false, episode.hash]);
    expect(seen.next).toBe(5);
    // Both are over at once, and the next two starts of the same evaluation follow.
    const ended = [episode.hash, [true, true], at(10).state];
    expect(seen.NextStep).toEqual(ended);
    expect(seen.SameStep).toEqual(ended);
    expect(seen.gone).toEqual(['failed', expect.stringMatching(/expected an environment server/)]);
    expect(seen.refused).toEqual(['conflict', expect.stringMatching(/ask for "reset" first/)]);
  });

  it('drives twenty worlds as the page says', async () => {
    const page = await readFile(join(ROOT, 'docs/environment-server.md'), 'utf8');
    const [, code] = /```python\n([\s\S]*?)```/.exec(page) ?? [];
    expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    const here = code.replace('ws://127.0.0.1:8001', server.url);
    const env = { ...process.env, PYTHONPATH: CLIENT };
    const { stdout } = await run(PYTHON, ['-c', here], { env });
    expect(stdout).toBe('success 0.0 contact 0.0\n');
  });
});
