import { expect, it } from 'vitest';
import { loadShipped } from '../../../server/storage/workspace.ts';
import { checkPictures } from '../../../server/training/create-run.ts';

it('a camera’s training takes as many pictures as one array can hold, and no more', async () => {
  const { spec } = await loadShipped('seeing-flow');
  // 64 × 64 × 3 bytes each, in 4 GiB.
  const most = Math.floor(2 ** 32 / (64 * 64 * 3));
  checkPictures(spec, { name: 'large', frames: most });
  expect(() => checkPictures(spec, { name: 'large', frames: most + 1 })).toThrow(
    `dataset large: expected at most ${most} frames, as many as a training can keep pictures of, ` +
      `got ${most + 1}; train on fewer demonstrations`,
  );
  const blind = await loadShipped('reading-flow');
  checkPictures(blind.spec, { name: 'large', frames: 10 * most });
});
