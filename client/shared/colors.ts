/**
 * Every colour that is used in more than one place, sRGB hex: the stage and the plots read them from
 * here, style sheets as custom properties (`CSS_COLORS`, written into the page when it is built).
 */
import type { MethodName } from '../../server/protocol/policies.ts';
import { LEFT, RIGHT } from '../../sim/tasks/ways.ts';

/**
 * Of paths that take none of a task's ways, whose colours are the task's. An invalid path also
 * carries a cross, so that nothing hangs on red alone.
 */
export const PATH_COLORS = {
  invalid: 0xff3d55,
  /** Ends before it passes the obstacles. */
  undecided: 0x9fb0c3,
} as const;

/** Accents for the policies, told apart from the sides and from the ball. */
export const POLICY_ACCENTS: Readonly<Record<MethodName, number>> = {
  l2: 0xff7096,
  diffusion: 0xa98bff,
  flow: 0x4fe08a,
  lstm: 0xe0c097,
  reflow: 0xb2e34f,
};

export const BALL_COLOR = 0xffc629;
export const SUCCESS_COLOR = 0x4ade80;
export const CONTACT_COLOR = 0xff2f45;

/** The page's surfaces, from its ground to what lies on top. */
export const SURFACE_COLORS = {
  ground: 0x07090d,
  sunken: 0x0b0f15,
  surface: 0x0d1117,
  raised: 0x151b24,
  'raised-more': 0x1d2530,
  line: 0x222b37,
  'line-strong': 0x34404f,
} as const;

export const TEXT_COLORS = {
  text: 0xe8edf4,
  'text-soft': 0xb3bdcb,
  'text-faint': 0x8592a5,
} as const;
/** Axes and their numbers; grids are the same, thinned. */
export const AXIS_COLOR = 0x93a0b2;

/** Colours of the page alone; red and grey are lighter in text than on the lit stage. */
const PAGE_COLORS = {
  invalid: 0xff4d63,
  'invalid-soft': 0xffc2ca,
  'recording-soft': 0xffc9d0,
  undecided: 0x8c9bae,
  'good-soft': 0xb9f6cc,
  warning: 0xe9c46a,
  'on-bright': 0x0b1016,
  'on-ball': 0x241a00,
  focus: 0x8ec7ff,
} as const;

/** By the name of its custom property, without the leading `--`. */
export const CSS_COLORS: Readonly<Record<string, number>> = {
  ...SURFACE_COLORS,
  ...TEXT_COLORS,
  ...PAGE_COLORS,
  left: LEFT.colour,
  right: RIGHT.colour,
  good: SUCCESS_COLOR,
  ball: BALL_COLOR,
};

/** `0xrrggbb` as the `#rrggbb` of CSS. */
export function cssColor(hex: number): string {
  return `#${hex.toString(16).padStart(6, '0')}`;
}

/** The same, let through: @param share 0 to 1 */
export function thinColor(hex: number, share: number): string {
  return `rgb(${hex >> 16} ${(hex >> 8) & 255} ${hex & 255} / ${share})`;
}

/**
 * A style sheet that defines every custom property of `CSS_COLORS`, and the accent within whatever
 * carries a policy's name as its class.
 */
export function colorSheet(): string {
  const lines = Object.entries(CSS_COLORS).map(([name, hex]) => `  --${name}: ${cssColor(hex)};`);
  const accents = Object.entries(POLICY_ACCENTS).map(
    ([name, hex]) => `.${name} {\n  --accent: ${cssColor(hex)};\n}\n`,
  );
  return [`:root {\n${lines.join('\n')}\n}\n`, ...accents].join('');
}
