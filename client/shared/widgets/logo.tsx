import { cssColor, PATH_COLORS } from '../colors.ts';

/** One path in, two paths out. */
export function Logo() {
  return (
    <svg class="logo" width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
      <path class="logo-left" d="M16 30V22c0-6-9-6-9-14V4" />
      <path class="logo-right" d="M16 30V22c0-6 9-6 9-14V4" />
      <circle fill={cssColor(PATH_COLORS.undecided)} cx="16" cy="9" r="3" />
    </svg>
  );
}
