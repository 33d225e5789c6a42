import { useEffect } from 'preact/hooks';
import { EXPERIMENT_LIMITS } from '../../../server/protocol/experiment-limits.ts';
import { PERTURBATIONS, type PerturbationName } from '../../../sim/perturbations/index.ts';
import { useApp } from '../../app.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import {
  type Draft,
  type DraftPart,
  drafts,
  kindOf,
  textOf,
  unusedKind,
  usualMagnitude,
} from './perturbations.ts';
import { compareText } from './texts.ts';
import './robustness.css';

const MOST = EXPERIMENT_LIMITS.perturbations;

/** What each policy is also rolled out with, held against itself without. */
export function PerturbationsForm() {
  const { comparing } = useApp();
  const text = compareText.value.perturb;
  const all = drafts.value;
  useEffect(() => {
    const texts = all.flatMap((draft) => textOf(draft) ?? []);
    comparing.perturbed.value = texts.length > 0 ? texts : undefined;
  }, [comparing, all]);
  const replace = (i: number, draft: Draft | null) => {
    drafts.value = draft === null ? all.toSpliced(i, 1) : all.with(i, draft);
  };
  const begin = () => {
    const name = unusedKind(all.flatMap((draft) => draft.map((part) => part.name)));
    drafts.value = [...all, [{ name, magnitude: usualMagnitude(name) }]];
  };
  return (
    <fieldset class="perturbations">
      <legend class="field-label">{text.title}</legend>
      <p class="hint">{text.hint}</p>
      {all.map((draft, i) => (
        <DraftRow
          key={i.toString()}
          draft={draft}
          index={i}
          onChange={(changed) => replace(i, changed)}
        />
      ))}
      {all.length < MOST && (
        <button type="button" class="small" data-testid="perturb-add" onClick={begin}>
          {text.add}
        </button>
      )}
    </fieldset>
  );
}

function DraftRow({
  draft,
  index,
  onChange,
}: {
  draft: Draft;
  index: number;
  /** Null removes it. */
  onChange(draft: Draft | null): void;
}) {
  const text = compareText.value.perturb;
  const names = draft.map(({ name }) => name);
  const invalid = draft.find((part) => textOf([part]) === null);
  const only = draft.length === 1 ? kindOf(draft[0].name) : null;
  return (
    <div class="perturbation" data-testid={`perturb-${index}`}>
      {draft.map((part, k) => (
        <PartRow
          key={part.name}
          part={part}
          testid={`perturb-${index}-${k}`}
          free={PERTURBATIONS.filter(({ name }) => name === part.name || !names.includes(name))}
          onChange={(changed) => onChange(draft.with(k, changed))}
          onRemove={() => onChange(draft.length === 1 ? null : draft.toSpliced(k, 1))}
        />
      ))}
      {invalid && (
        <p class="field-problem" role="alert" data-testid={`perturb-${index}-problem`}>
          {rangeText(invalid.name)}
        </p>
      )}
      {only && <p class="hint">{aboutKind(only.name)}</p>}
      {draft.some(({ name }) => kindOf(name).seen) && <p class="hint">{text.seen}</p>}
      {draft.length < PERTURBATIONS.length && (
        <button
          type="button"
          class="small"
          data-testid={`perturb-${index}-also`}
          onClick={() => {
            const name = unusedKind(names);
            onChange([...draft, { name, magnitude: usualMagnitude(name) }]);
          }}
        >
          {text.also}
        </button>
      )}
    </div>
  );
}

function PartRow({
  part: { name, magnitude },
  free,
  testid,
  onChange,
  onRemove,
}: {
  part: DraftPart;
  /** Kinds that it may be. */
  free: readonly { readonly name: PerturbationName }[];
  testid: string;
  onChange(part: DraftPart): void;
  onRemove(): void;
}) {
  const text = compareText.value.perturb;
  const { range, unit, whole = false } = kindOf(name);
  return (
    <div class="part">
      <select
        aria-label={text.kind}
        value={name}
        data-testid={`${testid}-kind`}
        onChange={(event) => {
          const chosen = free.find((each) => each.name === event.currentTarget.value);
          if (chosen) onChange({ name: chosen.name, magnitude: usualMagnitude(chosen.name) });
        }}
      >
        {free.map((each) => (
          <option key={each.name} value={each.name}>
            {labelKind(each.name)}
          </option>
        ))}
      </select>
      <input
        type="number"
        aria-label={`${labelKind(name)}, ${unit}`}
        min={range[0]}
        max={range[1]}
        step={whole ? 1 : 'any'}
        required
        value={magnitude ?? ''}
        data-testid={`${testid}-magnitude`}
        onInput={(event) => {
          const typed = event.currentTarget.valueAsNumber;
          onChange({ name, magnitude: Number.isFinite(typed) ? typed : null });
        }}
      />
      <span class="unit">{unit}</span>
      <button
        type="button"
        class="bare"
        aria-label={text.remove(labelKind(name))}
        title={text.remove(labelKind(name))}
        data-testid={`${testid}-remove`}
        onClick={onRemove}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}

function rangeText(name: PerturbationName): string {
  const { range, unit, whole = false } = kindOf(name);
  return compareText.value.perturb.range(...range, unit, whole);
}

/** A kind that these texts do not know yet is called as the command line calls it. */
function labelKind(name: PerturbationName): string {
  const kinds: Readonly<Partial<Record<string, { readonly label: string }>>> =
    compareText.value.perturb.kinds;
  return kinds[name]?.label ?? name;
}

function aboutKind(name: PerturbationName): string {
  const kinds: Readonly<Partial<Record<string, { readonly about: string }>>> =
    compareText.value.perturb.kinds;
  return kinds[name]?.about ?? kindOf(name).about;
}
