import { L2 } from './l2.ts';
import type { Method } from './method.ts';

/** The regression with a network that writes the chunk action by action. */
export const LSTM = {
  ...L2,
  name: 'lstm',
  title: 'LSTM',
  learns: 'the same as l2, with an LSTM in the U-Net’s place',
  reading: { unable: 'an LSTM reads no instruction' },
  network: 'lstm',
} as const satisfies Method<'regression'>;
