import { frameLayout } from '../../../../server/protocol/dataset-views.ts';
import type { EpisodeView } from '../../../../server/protocol/index.ts';

/** An episode of one ball whose joints, ball and opening move by 0.1 a frame. */
export function movingEpisode(change: Partial<EpisodeView> = {}): EpisodeView {
  const length = 21;
  const layout = frameLayout(1);
  const frames = new Float32Array(length * layout.size);
  for (let t = 0; t < length; t++) {
    frames.fill(t / 10, t * layout.size, t * layout.size + layout.action);
    frames.fill(t / 10 + 1, t * layout.size + layout.action, (t + 1) * layout.size);
  }
  return {
    ...{ name: 'mine', hash: 'abc', episode: 0, controlHz: 20, length, stride: 1, objects: 1 },
    frames: frames.buffer,
    events: { mode: 5, contact: null, success: 15 },
    ...change,
  };
}
