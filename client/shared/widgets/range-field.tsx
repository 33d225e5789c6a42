import type { ComponentChildren } from 'preact';

/** A slider whose value is taken over while it moves. */
export function RangeField({
  label,
  value,
  min,
  max,
  step = 1,
  show = String,
  onChange,
  testid,
  disabled = false,
}: {
  label: ComponentChildren;
  value: number;
  min: number;
  max: number;
  step?: number;
  show?(value: number): string;
  onChange(value: number): void;
  testid: string;
  disabled?: boolean;
}) {
  return (
    <label class="slider">
      <span class="row spread">
        <span class="field-label">{label}</span>
        <output class="tabular">{show(value)}</output>
      </span>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        disabled={disabled}
        aria-valuetext={show(value)}
        data-testid={testid}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
    </label>
  );
}
