import { type DiffusionConfig, diffusionPath, type Path, STRAIGHT_PATH } from '../paths.ts';
import type { Answer } from '../samplers/follow.ts';
import { type Mixture, type Point, posterior } from './mixture.ts';

/** What a perfectly trained network answers on a path, for points [n, 2] laid end to end. */
export function oracleOf(path: Path, mixture: Mixture): Answer {
  return (x, time) => {
    const level = path.levelAt(time);
    const target = path.targetAt(time);
    return mapPoints(x, (point) => {
      const { data, noise } = posterior(mixture, level, point);
      return [
        target.noise * noise[0] + target.data * data[0],
        target.noise * noise[1] + target.data * data[1],
      ];
    });
  };
}

export function flowOracle(mixture: Mixture): Answer {
  return oracleOf(STRAIGHT_PATH, mixture);
}

export function diffusionOracle(mixture: Mixture, config: DiffusionConfig): Answer {
  return oracleOf(diffusionPath(config), mixture);
}

function mapPoints(x: Float64Array, answer: (point: Point) => Point): Float64Array {
  const answers = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 2) answers.set(answer([x[i], x[i + 1]]), i);
  return answers;
}
