import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { formatEpisodeList } from '../../../server/protocol/episode-list.ts';
import type { DatasetSummary, EpisodeSummary } from '../../../server/protocol/index.ts';
import { findTask } from '../../../sim/tasks/index.ts';
import type { Phrase } from '../../../sim/tasks/task.ts';
import { useApp } from '../../app.ts';
import { modesOf } from '../../shared/tasks/modes.ts';
import { SelectField } from '../../shared/widgets/fields.tsx';
import { modeCountsText } from '../../shared/widgets/mode-counts.tsx';
import { t } from '../../texts.ts';
import { freeName } from './datasets.ts';
import { countModes } from './filter.ts';

/** What can be done to the dataset that is opened: all of it can be undone. */
export function EditBar({
  dataset,
  episodes,
}: {
  dataset: DatasetSummary;
  episodes: readonly EpisodeSummary[];
}) {
  const { datasets, runs, viewer } = useApp();
  const text = t.value.mend;
  const learning = runs.all.value?.some(
    (run) => run.dataset.name === dataset.name && ['queued', 'running'].includes(run.status),
  );
  const busy = datasets.edit.busy.value || datasets.split.busy.value || datasets.merge.busy.value;
  return (
    <details
      class="mend"
      // It stays open while the list is read again after a change.
      open={viewer.mending.value}
      onToggle={(event) => {
        viewer.mending.value = event.currentTarget.open;
      }}
      data-testid="mend"
    >
      <summary>{text.title}</summary>
      <div class="stack">
        {learning && (
          <p class="hint" data-testid="mend-learning">
            {text.learning}
          </p>
        )}
        <fieldset class="stack" disabled={busy}>
          <legend class="visually-hidden">{text.title}</legend>
          <ListedEdits dataset={dataset} episodes={episodes} />
          <ChosenEdits dataset={dataset} episodes={episodes} />
          <WholeEdits dataset={dataset} />
        </fieldset>
        {busy && <p class="muted small-text">{text.busy}</p>}
      </div>
    </details>
  );
}

/** Those that pass the filter, where it leaves some out; and those without success. */
function ListedEdits({
  dataset,
  episodes,
}: {
  dataset: DatasetSummary;
  episodes: readonly EpisodeSummary[];
}) {
  const { datasets, viewer } = useApp();
  const text = t.value.mend;
  const listed = viewer.listed.value;
  const some = listed.length > 0 && listed.length < episodes.length;
  const list = () => formatEpisodeList(listed.map(({ index }) => index));
  const numbers = new Set(listed.map(({ index }) => index));
  const rest = episodes.filter(({ index }) => !numbers.has(index));
  const failures = episodes.filter(({ success }) => !success).length;
  const balance = (left: readonly EpisodeSummary[]) =>
    modeCountsText(dataset.task, countModes(left));
  return (
    <>
      {some && (
        <>
          <EditButton
            testid="mend-delete"
            onClick={() => void datasets.edit.run(dataset, { kind: 'delete', episodes: list() })}
          >
            {text.remove(listed.length)}
          </EditButton>
          <p class="hint" data-testid="mend-balance">
            {text.leaves(balance(rest))}
          </p>
          <EditButton
            testid="mend-keep"
            onClick={() => void datasets.edit.run(dataset, { kind: 'keep', episodes: list() })}
          >
            {text.keep(listed.length)}
          </EditButton>
          <p class="hint">{text.leaves(balance(listed))}</p>
        </>
      )}
      {!some && <p class="hint">{text.narrow}</p>}
      {failures > 0 && (
        <EditButton
          testid="mend-failures"
          onClick={() => void datasets.edit.run(dataset, { kind: 'delete-failures' })}
        >
          {text.failures(failures)}
        </EditButton>
      )}
    </>
  );
}

/** The episode that is played. */
function ChosenEdits({
  dataset,
  episodes,
}: {
  dataset: DatasetSummary;
  episodes: readonly EpisodeSummary[];
}) {
  const { datasets, viewer } = useApp();
  const text = t.value.mend;
  const playback = viewer.playback.value;
  const chosen = episodes.find(({ index }) => index === playback?.view.episode);
  if (!playback || !chosen) return null;
  const { index } = chosen;
  const { language } = findTask(dataset.task);
  // Where one has stopped it: while it runs, the end would run away from the hand.
  const end = playback.playing.value ? null : Math.round(playback.position.value);
  const canTrim = end !== null && end > 0 && end < playback.view.length - 1;
  return (
    <section class="stack" aria-label={t.value.look.episode(index)}>
      <EditButton
        disabled={!canTrim || !playback.view.events}
        testid="mend-trim"
        onClick={() => {
          if (end !== null) {
            void datasets.edit.run(dataset, { kind: 'trim', episode: index, length: end });
          }
        }}
      >
        {canTrim ? text.trim(index, (end / dataset.controlHz).toFixed(1)) : text.trimWhere(index)}
      </EditButton>
      <p class="hint">{text.trimHint}</p>
      <SelectField
        label={text.mode(index)}
        value={chosen.mode ?? NONE}
        options={[
          ...modesOf(dataset.task).map(({ name, text: label }) => ({ value: name, label })),
          { value: NONE, label: t.value.look.noMode },
        ]}
        onChange={(mode) =>
          void datasets.edit.run(dataset, {
            ...{ kind: 'relabel', episodes: String(index) },
            mode: mode === NONE ? null : mode,
          })
        }
        testid="mend-mode"
      />
      {language && (
        <InstructionField dataset={dataset} chosen={chosen} phrases={language.phrases} />
      )}
    </section>
  );
}

const NONE = '-';

/** What the demonstrator was told: another sentence may make a success of a failure. */
function InstructionField({
  dataset,
  chosen: { index, instruction = '' },
  phrases,
}: {
  dataset: DatasetSummary;
  chosen: EpisodeSummary;
  phrases: readonly Phrase[];
}) {
  const { datasets } = useApp();
  const text = t.value.mend;
  return (
    <>
      <SelectField
        label={text.told(index)}
        value={instruction}
        options={phrases.map((phrase) => ({
          value: phrase.text,
          label: phrase.text === '' ? t.value.tell.silence : phrase.text,
        }))}
        onChange={(told) =>
          void datasets.edit.run(dataset, {
            ...{ kind: 'relabel', episodes: String(index) },
            instruction: told,
          })
        }
        testid="mend-told"
      />
      <p class="hint">{text.toldHint}</p>
    </>
  );
}

/** The dataset as a whole. */
function WholeEdits({ dataset }: { dataset: DatasetSummary }) {
  const { datasets } = useApp();
  const text = t.value.mend;
  const other = useSignal('');
  const { unverified = 0 } = dataset;
  const alike = (datasets.all.value ?? []).filter(
    ({ name, task, controlHz }) =>
      name !== dataset.name && task === dataset.task && controlHz === dataset.controlHz,
  );
  const chosen = alike.find(({ name }) => name === other.value) ?? alike[0];
  return (
    <>
      <EditButton
        disabled={Object.values(dataset.modes).filter((count) => count > 0).length < 2}
        testid="mend-split"
        onClick={() => void datasets.split.run(dataset, 'mode')}
      >
        {text.split}
      </EditButton>
      {unverified > 0 && unverified < dataset.episodes && (
        <EditButton
          testid="mend-split-verified"
          onClick={() => void datasets.split.run(dataset, 'verified')}
        >
          {text.splitVerified}
        </EditButton>
      )}
      {chosen && (
        <>
          <SelectField
            label={text.mergeWith}
            value={chosen.name}
            options={alike.map(({ name }) => ({ value: name, label: name }))}
            onChange={(name) => {
              other.value = name;
            }}
            testid="mend-other"
          />
          <EditButton
            testid="mend-merge"
            onClick={() => {
              const wanted = `${dataset.name.slice(0, 28)}-${chosen.name.slice(0, 28)}`;
              const out = freeName(wanted, datasets.all.peek() ?? []);
              void datasets.merge.run([dataset.name, chosen.name], out);
            }}
          >
            {text.merge}
          </EditButton>
        </>
      )}
    </>
  );
}

function EditButton({
  testid,
  disabled = false,
  onClick,
  children,
}: {
  testid: string;
  disabled?: boolean;
  onClick(): void;
  children: ComponentChildren;
}) {
  return (
    <button type="button" class="small" disabled={disabled} data-testid={testid} onClick={onClick}>
      {children}
    </button>
  );
}
