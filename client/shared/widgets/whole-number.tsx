import { type Signal, useSignal } from '@preact/signals';
import type { InputHTMLAttributes } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../../texts.ts';

/** What was typed and is not taken. */
export interface NumberProblem {
  readonly min: number;
  readonly max: number;
  /** As typed; empty for nothing, null for what is no number at all. */
  readonly got: string | null;
  /** What acts all the same; null for a default. */
  readonly stands: number | null;
}

/** A number is taken, null empties an optional field, undefined is not taken. */
export function wholeNumberIn(
  text: string,
  { min, max, optional }: { min: number; max: number; optional: boolean },
): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return optional ? null : undefined;
  // Number() would also read '', '0x10', '1e3' and ' 7 '.
  if (!/^-?\d+$/.test(trimmed)) return undefined;
  const number = Number(trimmed);
  return number >= min && number <= max ? number : undefined;
}

export interface WholeNumberOptions {
  /** In force; null is shown as an empty field. */
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  /** Nothing filled in means null. @default false */
  readonly optional?: boolean;
  /** 'change': once the field is left or Enter is pressed. @default 'input' */
  readonly when?: 'input' | 'change';
  /** Where it is said what was not taken. */
  readonly problem: Signal<NumberProblem | null>;
  /** Given null only where optional. */
  take(value: number | null): void;
}

/**
 * A field for a whole number. What is typed and out of bounds is neither taken nor put right: the
 * number before it acts, the problem says so, and once the field is left it shows what acts.
 */
export function useWholeNumber({
  value,
  min,
  max,
  optional = false,
  when = 'input',
  problem,
  take,
}: WholeNumberOptions): InputHTMLAttributes<HTMLInputElement> {
  /** Null while the field has no focus: an update must not replace what is being typed. */
  const typed = useSignal<string | null>(null);
  const shown = String(value ?? '');
  // It named what was in force before.
  useEffect(() => {
    problem.value = null;
  }, [value]);

  function judge(input: HTMLInputElement, commit: boolean): void {
    const { badInput } = input.validity;
    const number = badInput ? undefined : wholeNumberIn(input.value, { min, max, optional });
    if (number === undefined) {
      problem.value = { min, max, got: badInput ? null : input.value, stands: value };
      return;
    }
    problem.value = null;
    if (commit && number !== value) take(number);
  }

  return {
    type: 'number',
    inputMode: 'numeric',
    min,
    max,
    step: 1,
    value: typed.value ?? shown,
    'aria-invalid': problem.value !== null,
    onFocus: (event) => {
      typed.value = event.currentTarget.value;
    },
    onInput: (event) => {
      typed.value = event.currentTarget.value;
      judge(event.currentTarget, when === 'input');
    },
    onChange: (event) => {
      if (when === 'change') judge(event.currentTarget, true);
    },
    onKeyDown: (event) => {
      if (event.key !== 'Escape') return;
      event.currentTarget.value = shown;
      typed.value = shown;
      problem.value = null;
    },
    onBlur: (event) => {
      typed.value = null;
      // Also what the browser takes for no number at all, and gives as an empty text.
      event.currentTarget.value = shown;
    },
  };
}

/** Says what a field takes and did not. Nothing where there is no problem. */
export function NumberNote({
  id,
  of,
  field,
  testid,
}: {
  id: string;
  of: NumberProblem | null;
  /** Named where the note stands apart from its field. */
  field?: string;
  testid: string;
}) {
  if (!of) return null;
  const text = t.value.number.problem(of);
  return (
    <p class="field-problem" id={id} role="alert" data-testid={testid}>
      {field === undefined ? text : `${field}: ${text}`}
    </p>
  );
}
