import { MAX_NFE } from '../config/nfe.ts';
import { defineSampler, type SamplerPlan, upTo } from './sampler.ts';

/** Euler's method on the flow's ODE: a ← a + Δτ·v(a, τ), τ from 0 to 1. Order 1, NFE = steps. */
export function euler(steps: number): SamplerPlan {
  return Array.from({ length: steps }, (_, i) => ({
    time: i / steps,
    answer: { x: 0, network: 1 },
    clip: false,
    next: { x: 1, y: 1 / steps, previousY: 0, noise: 0 },
  }));
}

export const EULER = defineSampler({
  kind: 'euler',
  nfe: () => upTo(MAX_NFE),
  spec: (steps) => ({ kind: 'euler', steps }),
  nfeOf: ({ steps }) => steps,
});
