import type { PolicySpec } from '../config/policy.ts';
import { createLstm } from './lstm.ts';
import type { Network } from './network.ts';
import type { NetworkShape } from './shape.ts';
import { createUNet } from './unet.ts';

/** The sizes a policy's network is made for. */
export function networkShape(
  {
    obsHorizon,
    predHorizon,
    condition,
  }: Pick<PolicySpec, 'obsHorizon' | 'predHorizon' | 'condition'>,
  { observationDim, actionDim }: { observationDim: number; actionDim: number },
): NetworkShape {
  return {
    horizon: predHorizon,
    actionDim,
    observationDim: obsHorizon * observationDim,
    ...(condition && { condition }),
  };
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
