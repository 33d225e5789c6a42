import { describe, expect, it, vi } from 'vitest';
import { JobBoard } from '../../../server/jobs/index.ts';
import { startWork } from '../../../server/jobs/process.ts';
import { LIMITS, type RecordingAccepted } from '../../../server/protocol/index.ts';
import { recordInBrowser } from '../../support/recordings.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

vi.mock('../../../server/jobs/process.ts');

const accepted: RecordingAccepted = {
  dataset: {
    name: 'mine',
    task: 'left-right',
    controlHz: 20,
    episodes: 1,
    frames: 6,
    modes: { left: 0, right: 0 },
    successes: 0,
    recorded: 1,
    hash: 'abc',
  },
  episode: {
    index: 0,
    mode: null,
    source: 'browser',
    success: false,
    contact: false,
    length: 6,
    replayHash: '0123456789abcdef',
  },
};

async function openIntake() {
  const workspace = await temporaryWorkspace();
  const nobody = () => {};
  let announced = 0;
  const { recordings } = new JobBoard(workspace, {
    job: nobody,
    run: nobody,
    runTrashed: nobody,
    metric: nobody,
    datasets: () => announced++,
    comparison: nobody,
    experiments: nobody,
  });
  return { recordings, announced: () => announced };
}

describe('recordings', () => {
  it('that come at once are taken in one after the other, and those beyond a few refused', async () => {
    const { recordings, announced } = await openIntake();
    const { recording, commands } = recordInBrowser();
    const underWay: ((accepted: RecordingAccepted) => void)[] = [];
    vi.mocked(startWork).mockImplementation(() => ({
      result: new Promise<RecordingAccepted>((resolve) => {
        underWay.push(resolve);
      }),
      stop: () => {},
      kill: () => {},
      command: () => {},
    }));
    const answers = Array.from({ length: LIMITS.queuedRecordings + 5 }, () =>
      recordings.accept(recording, commands),
    );
    const refused = answers.slice(LIMITS.queuedRecordings);
    for (const answer of refused) await expect(answer).rejects.toMatchObject({ code: 'busy' });
    for (const [i, answer] of answers.slice(0, LIMITS.queuedRecordings).entries()) {
      await until(() => underWay.length === i + 1, `recording ${i} to begin`);
      underWay[i](accepted);
      expect(await answer).toBe(accepted);
    }
    expect(announced()).toBe(LIMITS.queuedRecordings);
    const late = recordings.accept(recording, commands);
    await until(() => underWay.length === LIMITS.queuedRecordings + 1, 'a later one to begin');
    underWay[LIMITS.queuedRecordings](accepted);
    expect(await late).toBe(accepted);
  });

  it('that cannot be any start no process', async () => {
    const { recordings } = await openIntake();
    vi.mocked(startWork).mockClear();
    const { recording, commands } = recordInBrowser();
    const wrong: [typeof recording, Float32Array][] = [
      [recording, commands.subarray(1)],
      [recording, new Float32Array(0)],
      [{ ...recording, task: 'juggle' }, commands],
      [{ ...recording, initial: { ...recording.initial, objects: [] } }, commands],
    ];
    for (const each of wrong) await expect(recordings.accept(...each)).rejects.toThrow(/expected/);
    expect(startWork).not.toHaveBeenCalled();
  });
});
