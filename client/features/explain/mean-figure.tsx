import { t } from '../../texts.ts';

/** Seen from above: two demonstrated ways round the post, and their mean through it. */
export function MeanFigure() {
  const { left, right } = t.value.mode;
  return (
    <svg class="mean-figure" viewBox="0 0 260 96" role="img" aria-label={t.value.why.meanTitle}>
      <path class="way left" d="M22 48C70 48 84 16 130 16s62 32 108 32" />
      <path class="way right" d="M22 48c48 0 62 32 108 32s62-32 108-32" />
      <path class="way mean" d="M22 48h216" />
      <circle class="post" cx="130" cy="48" r="11" />
      <path class="cross" d="m125 43 10 10m0-10-10 10" />
      <circle class="hand" cx="22" cy="48" r="5" />
      <circle class="ball" cx="238" cy="48" r="7" />
      <text class="left" x="130" y="11" text-anchor="middle">
        {left}
      </text>
      <text class="right" x="130" y="93" text-anchor="middle">
        {right}
      </text>
    </svg>
  );
}
