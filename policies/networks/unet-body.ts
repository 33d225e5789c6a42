import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { AttentionProbe, Context } from './attention.ts';
import type { Parameters, ParameterTable } from './parameters.ts';
import type { Places } from './places.ts';
import type { BlockMaker } from './residual-block.ts';

/** What the blocks of a U-Net are told beside the features they work on. */
export interface Told {
  /** Scales and shifts the channels of every residual block, [B, condition]. */
  readonly condition: Tensor2D;
  /** The step embedding alone, [B, embedding]: what attention asks differs early and late. */
  readonly step: Tensor2D;
  /** What cross-attention reads, where there is any. */
  readonly context: Context | undefined;
  /** Told what each attention block looks at. */
  readonly probe: AttentionProbe | undefined;
}

/** What ends a level: attention of one kind or several. [N, B, C] → [N, B, C] */
export type Look = (p: Parameters, x: Tensor3D, told: Told) => Tensor3D;

export interface UNetBodyConfig {
  readonly places: Places;
  /** What it is made of. */
  readonly block: BlockMaker;
  /** Channels that come in. */
  readonly from: number;
  /** Channels of each level; places halve along each axis from level to level. */
  readonly channels: readonly number[];
  /** Taps of the convolutions along each axis; odd. */
  readonly kernel: number;
  /** Channel groups that are normalised together. */
  readonly groups: number;
  /** Size of the condition vector. */
  readonly condition: number;
  /**
   * Declares what ends a level.
   *
   * @param name     of the level, as its parameters and the probe have it
   * @param channels it has
   * @param level    0 is the finest
   */
  readonly look: (name: string, channels: number, level: number) => Look | undefined;
}

/**
 * The U-Net itself, over time or over a picture. Down: two residual blocks a level, then places are
 * halved. Up: places are doubled, the skip connection of that level joins in, two residual blocks.
 *
 * @returns (p, x [N, B, from], told) → [N, B, channels of the finest level]
 */
export function unetBody(
  table: ParameterTable,
  { places, block: make, from, channels, kernel, groups, condition, look }: UNetBodyConfig,
): Look {
  const block = (name: string, from: number, to: number) =>
    make(table, name, places, { from, to, kernel, groups, condition });
  const down = channels.map((width, level) => ({
    first: block(`down${level}.first`, level === 0 ? from : channels[level - 1], width),
    second: block(`down${level}.second`, width, width),
    look: look(`down${level}`, width, level),
    halve:
      level < channels.length - 1
        ? places.convolution(table, `down${level}.halve`, {
            from: width,
            to: width,
            kernel: 3,
            stride: 2,
          })
        : null,
  }));
  const deepest = channels.length - 1;
  const bottom = channels[deepest];
  const middle = [block('middle.first', bottom, bottom), block('middle.second', bottom, bottom)];
  const middleLook = look('middle', bottom, deepest);
  const up = channels
    .slice(0, -1)
    .map((width, level) => ({
      widen: places.convolution(table, `up${level}.widen`, {
        from: channels[level + 1],
        to: width,
        kernel: 3,
      }),
      first: block(`up${level}.first`, 2 * width, width),
      second: block(`up${level}.second`, width, width),
      look: look(`up${level}`, width, level),
    }))
    .reverse();
  const last = block('last', channels[0], channels[0]);
  return (p, x, told) => {
    const { condition } = told;
    const seen = (h: Tensor3D, each: Look | undefined) => (each ? each(p, h, told) : h);
    let h = x;
    const skips: Tensor3D[] = [];
    for (const { first, second, look, halve } of down) {
      h = seen(second(p, first(p, h, condition), condition), look);
      if (halve) {
        skips.push(h);
        h = halve(p, h);
      }
    }
    for (const each of middle) h = each(p, h, condition);
    h = seen(h, middleLook);
    for (const { widen, first, second, look } of up) {
      const skip = skips.pop();
      if (!skip) throw new Error('the U-Net has as many ways down as up');
      h = tf.concat([widen(p, places.upsample(h)), skip], 2);
      h = seen(second(p, first(p, h, condition), condition), look);
    }
    return last(p, h, condition);
  };
}
