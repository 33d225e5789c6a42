import type { Proportion } from '../../../server/protocol/index.ts';

/** Shares side by side, in their colours or those of their classes; an empty bar where all are 0. */
export function SplitBar({
  parts,
  label,
}: {
  parts: readonly {
    readonly kind: string;
    readonly count: number;
    /** Of CSS. */
    readonly colour?: string;
  }[];
  label: string;
}) {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  return (
    <div class="split-bar" role="img" aria-label={label} title={label}>
      {parts.map(({ kind, count, colour }) =>
        count > 0 ? (
          <span
            key={kind}
            class={`split-part ${kind}`}
            style={{
              width: `${(100 * count) / total}%`,
              ...(colour !== undefined && { background: colour }),
            }}
          />
        ) : null,
      )}
    </div>
  );
}

export function ProgressBar({ value, label }: { value: number; label: string }) {
  return (
    <progress class="progress" max={1} value={value} aria-label={label}>
      {Math.round(100 * value)} %
    </progress>
  );
}

/** A rate as a bar, and its 95 % interval as a whisker over it. */
export function IntervalBar({
  of: { rate, ci95 },
  kind,
  label,
}: {
  of: Proportion;
  kind: string;
  label: string;
}) {
  const [low, high] = ci95;
  return (
    <div class={`interval-bar ${kind}`} role="img" aria-label={label} title={label}>
      <span class="interval-rate" style={{ width: `${100 * rate}%` }} />
      <span
        class="interval-whisker"
        style={{ left: `${100 * low}%`, width: `${100 * (high - low)}%` }}
      />
    </div>
  );
}
