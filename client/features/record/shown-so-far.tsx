import { useApp } from '../../app.ts';
import { modesOf } from '../../shared/tasks/modes.ts';
import { t } from '../../texts.ts';

/** What the dataset holds so far: "left 12 / right 3", and what of it has failed. */
export function ShownSoFar() {
  const { recording, datasets } = useApp();
  const text = t.value.recorder;
  const here = (datasets.all.value ?? []).filter(({ task }) => task === recording.task.value);
  const known = here.find(({ name }) => name === recording.dataset.value);
  const apart = here.find(({ name }) => name === recording.failedDataset.value);
  const failed = known ? known.episodes - known.successes : 0;
  return (
    <>
      {known && (
        <p class="hint" data-testid="record-shown">
          {modesOf(known.task).map(({ name, text: word, colour }, i) => (
            <span key={name} style={{ color: colour }}>
              {i > 0 && ' / '}
              {word} <b>{known.modes[name] ?? 0}</b>
            </span>
          ))}
        </p>
      )}
      {failed > 0 && (
        <p class="hint" data-testid="record-failed-within">
          {text.failedWithin(failed)}
        </p>
      )}
      {apart && apart !== known && (
        <p class="hint" data-testid="record-failed-apart">
          {text.failedApart(apart.episodes, apart.name)}
        </p>
      )}
    </>
  );
}
