import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { NumberNote, type NumberProblem, useWholeNumber } from './whole-number.tsx';

/** @param children the control, given the id that its label points at */
export function Field({
  label,
  children,
}: {
  label: ComponentChildren;
  children(id: string): ComponentChildren;
}) {
  const id = useId();
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      {children(id)}
    </div>
  );
}

interface NumberFieldProps {
  label: ComponentChildren;
  value: Signal<number> | Signal<number | null>;
  min: number;
  max: number;
  /** Shown while nothing is filled in, which then means null. */
  placeholder?: string;
  testid: string;
}

/** A whole number; taken over while it is one and lies within its bounds, and said where not. */
export function NumberField({ label, value, min, max, placeholder, testid }: NumberFieldProps) {
  const problem = useSignal<NumberProblem | null>(null);
  const note = useId();
  const input = useWholeNumber({
    value: value.value,
    min,
    max,
    optional: placeholder !== undefined,
    problem,
    take: (number) => {
      (value as Signal<number | null>).value = number;
    },
  });
  return (
    <Field label={label}>
      {(id) => (
        <>
          <input
            {...input}
            id={id}
            placeholder={placeholder}
            aria-describedby={problem.value ? note : undefined}
            data-testid={testid}
          />
          <NumberNote id={note} of={problem.value} testid={`${testid}-problem`} />
        </>
      )}
    </Field>
  );
}

interface SelectFieldProps<T extends string> {
  label: ComponentChildren;
  value: T;
  options: readonly { readonly value: T; readonly label: string }[];
  onChange(value: T): void;
  testid: string;
  disabled?: boolean;
}

export function SelectField<T extends string>({
  label,
  value,
  options,
  onChange,
  testid,
  disabled = false,
}: SelectFieldProps<T>) {
  return (
    <Field label={label}>
      {(id) => (
        <select
          id={id}
          value={value}
          disabled={disabled}
          data-testid={testid}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.currentTarget.value);
            if (chosen) onChange(chosen.value);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField({
  label,
  checked,
  testid,
}: {
  label: string;
  checked: Signal<boolean>;
  testid: string;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked.value}
        data-testid={testid}
        onChange={(event) => {
          checked.value = event.currentTarget.checked;
        }}
      />
      <span>{label}</span>
    </label>
  );
}
