import { useMemo } from 'preact/hooks';
import { useApp } from '../../app.ts';
import { createAction } from '../../shared/link/action.ts';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { t } from '../../texts.ts';
import { RECORD_HZ } from './recorder.ts';
import type { Taken } from './taken.ts';

/** Control steps of a training on corrections: it begins with a policy that has learnt already. */
const STEPS = 2000;

/** Beside an attempt that was taken over: whose it was, where the correction goes, what to do with it. */
export function TakeoverPanel({ taken }: { taken: Taken }) {
  const text = t.value.takeover;
  const { name, begun, dataset, beginWith } = taken;
  const seconds = (begun.commands.length / 8 / RECORD_HZ).toFixed(1);
  return (
    <>
      <h2>{text.title}</h2>
      <p class="lead" data-testid="takeover-from">
        {text.from(name, seconds)}
      </p>
      <p>{text.intro}</p>
      <p class="hint" data-testid="takeover-dataset">
        {text.savedTo(dataset, beginWith)}
      </p>
      <TrainOnIt taken={taken} />
    </>
  );
}

/** Once there are corrections. */
function TrainOnIt({ taken }: { taken: Taken }) {
  const { datasets, offers, recording, runs } = useApp();
  const text = t.value.takeover;
  const { source, dataset } = taken;
  const offer = offers.find(source);
  const train = useMemo(
    () =>
      createAction(async () => {
        if (!offer?.name) return;
        const preset = offer.run?.preset ?? 'quick';
        const { name: policy } = offer;
        await runs.start({ policy, preset, dataset, from: source, steps: STEPS, seed: 0 });
      }),
    [offer, runs, dataset, source],
  );
  const known = datasets.all.value?.find(({ name }) => name === dataset);
  const corrections = known?.corrected ?? 0;
  const begun = (runs.all.value ?? []).some(
    (run) => run.dataset.name === dataset && run.status !== 'failed',
  );
  // A policy server's own policy is not trained here.
  if (offer?.guest) return null;
  return (
    <div class="stack">
      {known && corrections === known.episodes && <p class="hint">{text.alone}</p>}
      <button
        type="button"
        class="wide"
        disabled={corrections === 0 || train.busy.value || recording.unsaved.value.length > 0}
        data-testid="takeover-train"
        onClick={() => void train.run()}
      >
        {text.train}
      </button>
      <p class="hint">{begun ? text.training : text.trainHint}</p>
      {train.error.value && (
        <ErrorNote message={train.error.value.message} testid="takeover-train-problem" />
      )}
    </div>
  );
}
