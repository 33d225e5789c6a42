import type { Job } from '../../../server/protocol/index.ts';
import { t } from '../../texts.ts';
import { useStores } from '../stores.ts';
import { ProgressBar } from '../widgets/bars.tsx';
import { ErrorNote } from '../widgets/error-note.tsx';
import { formatDuration } from '../widgets/format.ts';
import { isActive } from './jobs.ts';

/** A job's progress, with the time it still takes and a way to end it. */
export function JobLine({ job }: { job: Job }) {
  const { jobs } = useStores();
  const text = t.value.job;
  if (job.error) {
    return <ErrorNote message={job.error.message} testid={`job-${job.kind}-error`} />;
  }
  if (!isActive(job)) return null;
  const left =
    job.status === 'queued'
      ? text.queued
      : job.secondsLeft === null
        ? text.estimating
        : text.left(formatDuration(job.secondsLeft));
  return (
    <div class="job" data-testid={`job-${job.kind}`}>
      <p class="row spread">
        <span title={job.title}>{text[job.kind]}</span>
        <span class="muted tabular">{left}</span>
      </p>
      <div class="row">
        <ProgressBar value={job.progress} label={job.title} />
        <button
          type="button"
          class="small"
          data-testid={`job-${job.kind}-cancel`}
          onClick={() => void jobs.stop.run(job.id)}
        >
          {t.value.cancel}
        </button>
      </div>
    </div>
  );
}
