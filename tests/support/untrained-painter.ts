import { CAPTION_VOCABULARY, CAPTION_WORDS } from '../../demos/cats/index.ts';
import { encodePainter } from '../../policies/checkpoint/painter.ts';
import { pictureSpec } from '../../policies/pictures/presets.ts';
import { reflowSpec } from '../../policies/pictures/reflow.ts';
import { createPictureNetwork } from '../../policies/pictures/spec.ts';
import { Random } from '../../policies/random.ts';

/**
 * The file of a painter of 16 pixels whose weights nothing has trained: what a server or a page makes
 * of it can be held at once.
 */
export function untrainedPainter(method: 'flow' | 'l2' | 'reflow'): Uint8Array {
  const words = { vocabulary: CAPTION_VOCABULARY, words: CAPTION_WORDS };
  const specOf = (learnt: 'flow' | 'l2') =>
    pictureSpec({ method: learnt, size: 16, channels: [8, 16], ...words });
  const spec = method === 'reflow' ? reflowSpec(specOf('flow')) : specOf(method);
  const numbers = Random.of(2).fillNormal(new Float32Array(createPictureNetwork(spec).table.size));
  const training = {
    ...{ steps: 9, batch: 4, learningRate: 1e-3, warmupSteps: 2, weightDecay: 0, clipNorm: 1 },
    ...{ emaDecay: 0.9, seed: 1 },
  };
  return encodePainter({
    painter: { method, spec, weights: numbers.map((each) => 0.1 * each) },
    ...{ training, step: 7, state: null, cats: 12 },
    ...(method === 'reflow' && { teacher: { digest: 'of a flow', guidance: 2 } }),
  });
}
