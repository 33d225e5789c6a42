import type { Mode } from './task.ts';

/**
 * Ways past posts, as seen by the robot. Left and right differ along the blue–orange axis, which
 * all common forms of colour blindness leave intact.
 */
export const LEFT = { name: 'left', label: 'left', colour: 0x3ec9ff } as const satisfies Mode;
export const RIGHT = { name: 'right', label: 'right', colour: 0xff9d2e } as const satisfies Mode;
