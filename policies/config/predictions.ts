// Without the schemas and their library: what trains in a browser reads this, too.
import type { Prediction } from '../paths.ts';

/** What a diffusion's network may answer. */
export const PREDICTIONS = ['epsilon', 'v', 'data'] as const satisfies readonly Prediction[];
