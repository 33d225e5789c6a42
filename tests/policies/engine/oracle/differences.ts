import type { Graph } from '../../../../policies/engine/graph/graph.ts';
import type { TensorData } from '../../../../policies/engine/index.ts';
import { Random } from '../../../../policies/random.ts';
import { interpret } from './interpret.ts';

/** Half the distance of a difference: its error is of the order of its square. */
const STEP = 1e-5;

/**
 * ∂f/∂x at some places of an input, by central differences in float64, f being Σ weight·output.
 *
 * @param weights one array an output of the graph, by its name
 * @returns       [place, derivative] of `count` places drawn at random, or of all if there are fewer
 * @cost          two interpretations a place
 */
export function centralDifferences(
  graph: Graph,
  inputs: Readonly<Record<string, TensorData>>,
  weights: Readonly<Record<string, ArrayLike<number>>>,
  { name, count }: { name: string; count: number },
): [place: number, derivative: number][] {
  const x = Float64Array.from(inputs[name]);
  const valueAt = (place: number, moved: number) => {
    const results = interpret(graph, { ...inputs, [name]: x.with(place, moved) });
    return Object.entries(results).reduce(
      (total, [output, values]) =>
        values.reduce((sum, value, i) => sum + value * weights[output][i], total),
      0,
    );
  };
  return placesIn(x.length, count).map((place) => {
    const [above, below] = [x[place] + STEP, x[place] - STEP];
    return [place, (valueAt(place, above) - valueAt(place, below)) / (above - below)];
  });
}

function placesIn(length: number, count: number): number[] {
  if (length <= count) return Array.from({ length }, (_, place) => place);
  const random = Random.of(length, count);
  return Array.from({ length: count }, () => random.below(length));
}
