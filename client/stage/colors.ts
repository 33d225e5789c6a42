/**
 * Colours that mean something, sRGB hex. The page's legends use the same constants.
 *
 * Left and right differ along the blue–orange axis, which all common forms of colour blindness
 * leave intact; an invalid path also carries a cross, so that nothing hangs on red alone.
 */
export const SIDE_COLORS = {
  left: 0x3ec9ff,
  right: 0xff9d2e,
  invalid: 0xff3d55,
  /** Ends before it passes the post on either side. */
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
/** Of the balls one is told by colour: as different in lightness as in hue, for all eyes. */
export const TOLD_COLORS = { red: 0xd3202f, green: 0x5fe07a } as const;
export const SUCCESS_COLOR = 0x4ade80;
export const CONTACT_COLOR = 0xff2f45;

/** `0xrrggbb` as the `#rrggbb` of CSS. */
export function cssColor(hex: number): string {
  return `#${hex.toString(16).padStart(6, '0')}`;
}
