/**
 * Why the arm holds though nobody let go of it: the window lost the focus or is hidden, the page was
 * silent for long (a computer asleep), or the gamepad is gone.
 */
export type HoldReason = 'away' | 'silence' | 'pad gone';

/**
 * After so long without a look at its clock, whatever was held counts as let go, s: a key that went
 * up meanwhile may never say so. A stutter is shorter.
 */
export const GONE = 2;
