import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { NAME_PATTERN } from '../../../server/protocol/names.ts';
import { t } from '../../texts.ts';
import { Field } from './fields.tsx';

const NAME = new RegExp(`^${NAME_PATTERN}$`);

interface NameFieldProps {
  label: string;
  value: string;
  /** Offered while one types. */
  known?: readonly string[];
  testid: string;
  /** Called with names alone. */
  onName(name: string): void;
}

/** The name of a dataset; what is no name stays as it was typed, with what is expected under it. */
export function NameField({ label, value, known = [], testid, onName }: NameFieldProps) {
  /** What was typed and is no name. */
  const wrong = useSignal<string | null>(null);
  const list = useId();
  const rule = useId();
  return (
    <>
      <Field label={label}>
        {(id) => (
          <input
            id={id}
            type="text"
            required
            list={known.length > 0 ? list : undefined}
            pattern={NAME_PATTERN}
            spellcheck={false}
            autocomplete="off"
            aria-invalid={wrong.value !== null}
            aria-describedby={wrong.value === null ? undefined : rule}
            value={wrong.value ?? value}
            data-testid={testid}
            onInput={(event) => {
              const typed = event.currentTarget.value;
              wrong.value = NAME.test(typed) ? null : typed;
              if (wrong.value === null) onName(typed);
            }}
          />
        )}
      </Field>
      {wrong.value !== null && (
        <p class="field-note" id={rule} role="alert" data-testid={`${testid}-rule`}>
          {t.value.panel.nameRule(value)}
        </p>
      )}
      {known.length > 0 && (
        <datalist id={list}>
          {known.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
    </>
  );
}
