import type { PolicySpec } from '../spec/policy.ts';
import { createLstm } from './lstm.ts';
import type { NetworkShape } from './shape.ts';
import { createUNet, type Network } from './unet.ts';

/** The sizes a policy's network is made for. */
export function networkShape(
  { obsHorizon, predHorizon }: Pick<PolicySpec, 'obsHorizon' | 'predHorizon'>,
  { observationDim, actionDim }: { observationDim: number; actionDim: number },
): NetworkShape {
  return { horizon: predHorizon, actionDim, observationDim: obsHorizon * observationDim };
}

/** The network a policy's spec describes. */
export function createNetwork(
  { network }: Pick<PolicySpec, 'network'>,
  shape: NetworkShape,
): Network {
  switch (network.kind) {
    case 'unet':
      return createUNet({ ...shape, ...network });
    case 'lstm':
      return createLstm({ ...shape, ...network });
  }
}
