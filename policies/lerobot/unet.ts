import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import {
  convolution,
  groupNorm,
  type Layer,
  linear,
  mish,
  sinusoidalEmbedding,
  swapTime,
} from '../networks/layers.ts';
import type { Network } from '../networks/network.ts';
import { type Parameters, ParameterTable } from '../networks/parameters.ts';
import { LAST_GROUPS, type LeRobotUNetConfig } from './config.ts';

/** In which checkpoints have the network's parameters. */
const ROOT = 'diffusion.unet';

/**
 * LeRobot's conditional 1-D U-Net. It differs from `createUNet` in what decides its numbers: Mish, a
 * condition that is the step's embedding beside the bare observation, FiLM that scales by the
 * coefficient itself or not at all, a skip at the deepest level and none at the finest, and learnt
 * doubling. Parameters are named as its checkpoints name them, but for those of a group
 * normalisation; their axes are in reverse.
 *
 * @see lerobot 0.4.4, policies/diffusion/modeling_diffusion.py, DiffusionConditionalUnet1d
 */
export function createLeRobotUNet(config: LeRobotUNetConfig): Network {
  const { actionDim, channels, embedding, kernel } = config;
  const table = new ParameterTable();
  const residual = (name: string, from: number, to: number) =>
    residualBlock(table, `${ROOT}.${name}`, from, to, config);
  const wide = linear(table, `${ROOT}.diffusion_step_encoder.1`, embedding, 4 * embedding);
  const narrow = linear(table, `${ROOT}.diffusion_step_encoder.3`, 4 * embedding, embedding);
  const down = channels.map((width, level) => ({
    first: residual(
      `down_modules.${level}.0`,
      level === 0 ? actionDim : channels[level - 1],
      width,
    ),
    second: residual(`down_modules.${level}.1`, width, width),
    halve:
      level < channels.length - 1 ? halving(table, `${ROOT}.down_modules.${level}.2`, width) : null,
  }));
  const bottom = channels[channels.length - 1];
  const middle = [
    residual('mid_modules.0', bottom, bottom),
    residual('mid_modules.1', bottom, bottom),
  ];
  const up = channels
    .slice(1)
    .reverse()
    .map((from, i) => {
      const to = channels[channels.length - 2 - i];
      return {
        first: residual(`up_modules.${i}.0`, 2 * from, to),
        second: residual(`up_modules.${i}.1`, to, to),
        widen: doubling(table, `${ROOT}.up_modules.${i}.2`, to),
      };
    });
  const last = convolutionBlock(table, `${ROOT}.final_conv.0.block`, {
    ...{ from: channels[0], to: channels[0], kernel, groups: LAST_GROUPS },
  });
  const output = convolution(table, `${ROOT}.final_conv.1`, {
    ...{ from: channels[0], to: actionDim, kernel: 1 },
  });
  return {
    table,
    apply(p, { actions, time, observation }) {
      const step = narrow(p, mish(wide(p, sinusoidalEmbedding(time, embedding, 1))));
      const condition = mish(tf.concat([step, observation], 1));
      const skips: Tensor3D[] = [];
      let h = swapTime(actions);
      for (const { first, second, halve } of down) {
        h = second(p, first(p, h, condition), condition);
        skips.push(h);
        if (halve) h = halve(p, h);
      }
      for (const each of middle) h = each(p, h, condition);
      for (const { first, second, widen } of up) {
        h = tf.concat([h, skips.pop() as Tensor3D], 2);
        h = widen(p, second(p, first(p, h, condition), condition));
      }
      return swapTime(output(p, last(p, h)));
    },
  };
}

/** conv → norm → Mish → FiLM → conv → norm → Mish, plus the input. x [T, B, from] → [T, B, to] */
function residualBlock(
  table: ParameterTable,
  name: string,
  from: number,
  to: number,
  { kernel, groups, embedding, observationDim, scales }: LeRobotUNetConfig,
) {
  const conv1 = convolutionBlock(table, `${name}.conv1.block`, { from, to, kernel, groups });
  const size = embedding + observationDim;
  const film = linear(table, `${name}.cond_encoder.1`, size, scales ? 2 * to : to);
  const conv2 = convolutionBlock(table, `${name}.conv2.block`, { from: to, to, kernel, groups });
  const project =
    from === to ? null : convolution(table, `${name}.residual_conv`, { from, to, kernel: 1 });
  return (p: Parameters, x: Tensor3D, condition: Tensor2D): Tensor3D => {
    const coefficients = film(p, condition);
    const h = conv1(p, x);
    const [scale, shift] = scales ? tf.split(coefficients, 2, 1) : [null, coefficients];
    const told = tf.add(scale ? tf.mul(h, scale) : h, shift) as Tensor3D;
    return tf.add(conv2(p, told), project ? project(p, x) : x);
  };
}

function convolutionBlock(
  table: ParameterTable,
  name: string,
  { groups, ...config }: { from: number; to: number; kernel: number; groups: number },
): Layer<Tensor3D> {
  const conv = convolution(table, `${name}.0`, config);
  const norm = groupNorm(table, `${name}.1`, config.to, groups);
  return (p, x) => mish(norm(p, conv(p, x)));
}

/** Three taps at every other place, the first of them one before it. x [T, B, C] → [T/2, B, C] */
function halving(table: ParameterTable, name: string, channels: number): Layer<Tensor3D> {
  const shape = [3, channels, channels];
  const weight = table.declare(`${name}.weight`, shape, { fanIn: 3 * channels });
  const bias = table.declare(`${name}.bias`, [channels], 'zeros');
  return (p, x) => {
    // "same" would begin one place later: it pads what is even at the end alone.
    const padded = tf.pad(x, [
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
    const y = tf.conv1d(swapTime(padded), p[weight] as Tensor3D, 2, 'valid');
    return tf.add(swapTime(y), p[bias]);
  };
}

/** A transposed convolution of four taps. x [T, B, C] → [2T, B, C] */
function doubling(table: ParameterTable, name: string, channels: number): Layer<Tensor3D> {
  const shape = [4, channels, channels];
  const weight = table.declare(`${name}.weight`, shape, { fanIn: 2 * channels });
  const bias = table.declare(`${name}.bias`, [channels], 'zeros');
  return (p, x) => {
    const [time, batch] = x.shape;
    const rows: Tensor4D = tf.reshape(swapTime(x), [batch, 1, time, channels]);
    const taps: Tensor4D = tf.reshape(p[weight], [1, ...shape] as [number, number, number, number]);
    const y = tf.conv2dTranspose(rows, taps, [batch, 1, 2 * time, channels], [1, 2], 'same');
    return tf.add(swapTime(tf.reshape(y, [batch, 2 * time, channels]) as Tensor3D), p[bias]);
  };
}
