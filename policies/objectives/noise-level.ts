/** How much of the data and of the noise is in a noised sample: x = signal·data + noise·ε. */
export interface NoiseLevel {
  readonly signal: number;
  readonly noise: number;
}

/** On the straight path of flow matching. */
export function flowLevel(tau: number): NoiseLevel {
  return { signal: tau, noise: 1 - tau };
}

/** After diffusion steps that leave ᾱ of the data's variance. */
export function diffusionLevel(alphaBar: number): NoiseLevel {
  return { signal: Math.sqrt(alphaBar), noise: Math.sqrt(1 - alphaBar) };
}
