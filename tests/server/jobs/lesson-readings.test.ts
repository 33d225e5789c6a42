import { expect, it, vi } from 'vitest';
import { LessonReadings } from '../../../server/jobs/lesson-readings.ts';
import { startWork } from '../../../server/jobs/process.ts';
import { type DemonstratedActions, LIMITS } from '../../../server/protocol/index.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

vi.mock('../../../server/jobs/process.ts');

const READ: DemonstratedActions = {
  dataset: 'demos',
  episode: 0,
  mode: 'left',
  controlHz: 20,
  actionDim: 8,
  actions: [],
};

it('what the lesson asks at once is read one after the other, and beyond a few refused', async () => {
  const readings = new LessonReadings(await temporaryWorkspace());
  const underWay: ((read: DemonstratedActions) => void)[] = [];
  vi.mocked(startWork).mockImplementation(() => ({
    result: new Promise<DemonstratedActions>((resolve) => {
      underWay.push(resolve);
    }),
    stop: () => {},
    kill: () => {},
    command: () => {},
  }));
  const request = { dataset: 'demos', episode: 0 };
  const asked = Array.from({ length: LIMITS.queuedReadings }, () => readings.actions(request));
  await expect(readings.actions(request)).rejects.toMatchObject({ code: 'busy' });
  for (let i = 0; i < asked.length; i++) {
    await until(() => underWay.length === i + 1, `reading ${i} to begin`);
    underWay[i](READ);
    expect(await asked[i]).toBe(READ);
  }
  const later = readings.actions(request);
  await until(() => underWay.length === asked.length + 1, 'another reading to begin');
  underWay[asked.length](READ);
  expect(await later).toBe(READ);
});
