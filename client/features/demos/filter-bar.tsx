import type { EpisodeSummary } from '../../../server/protocol/index.ts';
import { useApp } from '../../app.ts';
import { modesOf } from '../../shared/tasks/modes.ts';
import { SelectField } from '../../shared/widgets/fields.tsx';
import { t } from '../../texts.ts';
import { sourceWord } from './episode-table.tsx';
import { countModes, type EpisodeFilter, EVERYTHING, sourceOf, toggleMode } from './filter.ts';

const RESULTS = ['any', 'success', 'failure'] as const;
const ANYONE = '';
const LENGTHS = ['any', 'short', 'long'] as const;

/** Narrows the episodes down that are drawn and listed. */
export function FilterBar({ episodes }: { episodes: readonly EpisodeSummary[] }) {
  const { viewer } = useApp();
  const filter = viewer.filter.value;
  const task = viewer.dataset.value?.task ?? '';
  const text = t.value.look;
  const counts = countModes(episodes);
  const sources = [...new Set(episodes.map(sourceOf))];
  const modes = [
    ...modesOf(task),
    ...(counts[''] ? [{ name: '', text: text.noMode, colour: undefined }] : []),
  ];
  const change = (part: Partial<EpisodeFilter>) => {
    viewer.filter.value = { ...filter, ...part };
  };
  const median = medianLength(episodes);
  const lengthNow = filter.shortest !== null ? 'long' : filter.longest !== null ? 'short' : 'any';
  return (
    <fieldset class="filter stack">
      <legend class="visually-hidden">{text.filter}</legend>
      <div class="row wrap">
        {modes.map(({ name, text: word, colour }) => {
          const shown = !filter.hiddenModes.includes(name);
          return (
            <button
              key={name}
              type="button"
              class={`small mode-toggle ${shown ? '' : 'off'}`}
              style={{ color: shown ? colour : undefined }}
              aria-pressed={shown}
              data-testid={`filter-mode-${name || 'none'}`}
              onClick={() => {
                viewer.filter.value = toggleMode(filter, name);
              }}
            >
              {word} {counts[name] ?? 0}
            </button>
          );
        })}
        {viewer.odd.value.size > 0 && (
          <button
            type="button"
            class="small"
            aria-pressed={filter.odd}
            data-testid="filter-odd"
            onClick={() => change({ odd: !filter.odd })}
          >
            {text.odd(viewer.odd.value.size)}
          </button>
        )}
      </div>
      <div class="filter-fields">
        <SelectField
          label={text.result}
          value={filter.result}
          options={RESULTS.map((value) => ({ value, label: text.results[value] }))}
          onChange={(result) => change({ result })}
          testid="filter-result"
        />
        {sources.length > 1 && (
          <SelectField
            label={text.source}
            value={filter.source ?? ANYONE}
            options={[
              { value: ANYONE, label: text.anyone },
              ...sources.map((value) => ({ value, label: sourceWord(value) })),
            ]}
            onChange={(source) => change({ source: source === ANYONE ? null : source })}
            testid="filter-source"
          />
        )}
        <SelectField
          label={text.length}
          value={lengthNow}
          options={LENGTHS.map((value) => ({ value, label: text.lengths[value] }))}
          onChange={(length) =>
            change({
              shortest: length === 'long' ? median : null,
              longest: length === 'short' ? median : null,
            })
          }
          testid="filter-length"
        />
      </div>
      {viewer.listed.value.length < episodes.length && (
        <p class="row spread small-text">
          <span data-testid="filter-count">
            {text.shown(viewer.listed.value.length, episodes.length)}
          </span>
          <button
            type="button"
            class="small"
            onClick={() => {
              viewer.filter.value = EVERYTHING;
            }}
          >
            {text.all}
          </button>
        </p>
      )}
    </fieldset>
  );
}

function medianLength(episodes: readonly EpisodeSummary[]): number {
  const lengths = episodes.map(({ length }) => length).sort((a, b) => a - b);
  return lengths[lengths.length >> 1] ?? 0;
}
