/**
 * Colours that mean something, sRGB hex; those of a task's modes are the task's. The page's legends
 * use the same constants. An invalid path also carries a cross, so that nothing hangs on red alone.
 */
export const PATH_COLORS = {
  invalid: 0xff3d55,
  /** Ends before it passes the obstacles. */
  undecided: 0x9fb0c3,
} as const;

/** Accents for the policies, told apart from the sides and from the ball. */
export const POLICY_ACCENTS = {
  l2: 0xff7096,
  diffusion: 0xa98bff,
  flow: 0x4fe08a,
  lstm: 0xe0c097,
  reflow: 0xb2e34f,
} as const;

export const BALL_COLOR = 0xffc629;
export const SUCCESS_COLOR = 0x4ade80;
export const CONTACT_COLOR = 0xff2f45;

/** `0xrrggbb` as the `#rrggbb` of CSS. */
export function cssColor(hex: number): string {
  return `#${hex.toString(16).padStart(6, '0')}`;
}
