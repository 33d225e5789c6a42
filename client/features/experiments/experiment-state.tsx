import type { ExperimentEntry, Job } from '../../../server/protocol/index.ts';
import { isActive } from '../../shared/link/jobs.ts';
import { ProgressBar } from '../../shared/widgets/bars.tsx';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { formatDuration, formatPercent } from '../../shared/widgets/format.ts';
import { useHistory } from './history-context.ts';
import { x } from './texts.ts';

type Shards = Pick<ExperimentEntry, 'name' | 'shards'>;
type State = keyof typeof x.value.state;

/** How far an experiment is. */
export function stateOf({ shards }: Shards, job: Job | undefined): State {
  if (job?.status === 'queued' || job?.status === 'running') return job.status;
  if (shards.done >= shards.total) return 'done';
  return shards.done > 0 ? 'interrupted' : 'planned';
}

/** The last job of an experiment that this server has had. */
export function useJob(name: string): Job | undefined {
  return useHistory().jobs.all.value.findLast(({ experiment }) => experiment === name);
}

export function StateChip({ of }: { of: Shards }) {
  const state = stateOf(of, useJob(of.name));
  return (
    <span class={`state ${state}`} data-testid={`experiment-${of.name}-state`} data-state={state}>
      {x.value.state[state]}
    </span>
  );
}

/** How far it is, and what ends it or goes on with it; nothing for what is done. */
export function ProgressLine({ of, hindered = false }: { of: Shards; hindered?: boolean }) {
  const { jobs, goOn } = useHistory();
  const text = x.value;
  const job = useJob(of.name);
  const state = stateOf(of, job);
  const { name, shards } = of;
  if (state === 'done') return null;
  const active = job && isActive(job) ? job : null;
  const before = shards.done / shards.total;
  // A job counts what was missing when it began.
  const share = active ? Math.max(before, active.progress) : before;
  return (
    <>
      {job?.error && <ErrorNote message={job.error.message} testid={`experiment-${name}-error`} />}
      <div class="row progress-line">
        <ProgressBar value={share} label={text.share(formatPercent(share))} />
        <span class="muted tabular small-text">
          {active?.secondsLeft != null ? formatDuration(active.secondsLeft) : formatPercent(share)}
        </span>
        {active ? (
          <button
            type="button"
            class="small"
            data-testid={`experiment-${name}-stop`}
            onClick={() => void jobs.stop.run(active.id)}
          >
            {text.stop}
          </button>
        ) : (
          <button
            type="button"
            class="small"
            data-testid={`experiment-${name}-go-on`}
            disabled={hindered || goOn.busy.value}
            onClick={() => void goOn.run(name)}
          >
            {state === 'planned' ? text.begin : text.goOn}
          </button>
        )}
      </div>
    </>
  );
}
