import tf from '#tensorflow';
import type { ConditionSpec } from '../config/condition.ts';
import { crossAttention } from './attention.ts';
import { contextEncoder, neededText } from './context.ts';
import { convolution, encoder, silu, sinusoidalEmbedding, swapTime } from './layers.ts';
import type { Network } from './network.ts';
import { ParameterTable } from './parameters.ts';
import { TIME } from './places.ts';
import { residualBlock } from './residual-block.ts';
import { type Look, unetBody } from './unet-body.ts';

export interface UNetConfig {
  /** Prediction horizon Tp, control steps; divisible by 2^(levels − 1). */
  readonly horizon: number;
  /** Components of an action, Da. */
  readonly actionDim: number;
  /** Size of the flattened observation, To·Do. */
  readonly observationDim: number;
  /** Channels of each level; time halves from level to level. */
  readonly channels: readonly number[];
  /** Length of the convolutions, control steps; odd. */
  readonly kernel: number;
  /** Channel groups that are normalised together. */
  readonly groups: number;
  /** Size of the step embedding and of the encoded observation. */
  readonly embedding: number;
  /** What cross-attention at each level reads; absent: there is none. */
  readonly condition?: ConditionSpec;
}

/**
 * Conditional 1-D U-Net over time.
 *
 * Step embedding and observation enter every block as a scale and a shift of its channels (FiLM).
 * With a condition, each level ends in cross-attention over its tokens. Inside, time comes first,
 * [T, B, C]: what acts on all time steps alike, as normalisation and FiLM do, then goes through memory
 * in long rows.
 *
 * @see Chi et al. 2023, Diffusion Policy, section III-A, arXiv:2303.04137
 */
export function createUNet(config: UNetConfig): Network {
  const {
    channels,
    kernel,
    groups,
    embedding,
    actionDim,
    observationDim,
    condition: spec,
  } = config;
  const table = new ParameterTable();
  const encodeContext = spec && contextEncoder(table, spec, observationDim);
  const look = (name: string, width: number): Look | undefined => {
    if (!spec) return undefined;
    const ask = crossAttention(table, `${name}.attention`, {
      channels: width,
      groups,
      context: spec.width,
      embedding,
      heads: spec.heads,
      width: spec.width,
    });
    return (p, x, { context, step, probe }) => (context ? ask(p, x, context, step, probe) : x);
  };
  const embedStep = encoder(table, 'step', embedding, embedding);
  // Where things are in the picture is part of the observation, as Chi et al. have it.
  const seenSize = 2 * (spec?.image?.points ?? 0);
  const embedObservation = encoder(table, 'observation', observationDim + seenSize, embedding);
  const body = unetBody(table, {
    block: residualBlock,
    places: TIME,
    from: actionDim,
    channels,
    kernel,
    groups,
    condition: 2 * embedding,
    look,
  });
  const output = convolution(table, 'output', { from: channels[0], to: actionDim, kernel: 1 });
  return {
    table,
    apply(p, { actions, time, observation, text, image }, probe) {
      const context = encodeContext?.(p, { text: neededText(text), observation, image });
      const step = embedStep(p, sinusoidalEmbedding(time, embedding));
      const observed = context?.places ? tf.concat([observation, context.places], 1) : observation;
      const condition = silu(tf.concat([step, embedObservation(p, observed)], 1));
      const told = { condition, step, context, probe };
      return swapTime(output(p, body(p, swapTime(actions), told)));
    },
  };
}
