import { defineSampler, exactly, type SamplerPlan } from './sampler.ts';

/** A regression's answer is the chunk: one call, whatever the noise. */
export function direct(): SamplerPlan {
  return [
    {
      time: 0,
      answer: { x: 0, network: 1 },
      clip: false,
      next: { x: 0, y: 1, previousY: 0, noise: 0 },
    },
  ];
}

export const DIRECT = defineSampler({
  kind: 'direct',
  answersOnce: true,
  nfe: () => exactly(1),
  spec: () => ({ kind: 'direct' }),
  nfeOf: () => 1,
});
