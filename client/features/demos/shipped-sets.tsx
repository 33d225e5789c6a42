import { useEffect } from 'preact/hooks';
import type { OfferedSet } from '../../../server/protocol/index.ts';
import { SHIPPED } from '../../../server/protocol/policies.ts';
import { useApp } from '../../app.ts';
import { JobLine } from '../../shared/link/job-line.tsx';
import { isActive } from '../../shared/link/jobs.ts';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { t } from '../../texts.ts';
import { setToMake } from './datasets.ts';

/** Sets that policies of the task have learnt from and that are not there: one is made unasked. */
export function ShippedSets() {
  const { connection, datasets, jobs, settings } = useApp();
  const task = settings.task.value;
  const online = connection.status.value === 'online';
  const generating = jobs.all.value.some((job) => job.kind === 'generate' && isActive(job));
  const wanted = setToMake(task, datasets.sets.value, datasets.familiar.value);
  const unasked = online && !generating && wanted ? wanted : null;
  useEffect(() => {
    if (unasked) void datasets.makeSet.run(unasked);
  }, [datasets, unasked]);
  const missing = datasets.sets.value.filter(
    (set) => set.task === task && !datasets.all.value?.some(({ hash }) => hash === set.hash),
  );
  if (datasets.all.value === null || missing.length === 0) return null;
  return (
    <>
      {missing.map((set) => (
        <MissingSet key={set.hash} set={set} generating={generating} />
      ))}
      <ActionError of={datasets.makeSet} testid="set-error" />
    </>
  );
}

function MissingSet({ set, generating }: { set: OfferedSet; generating: boolean }) {
  const { datasets, jobs } = useApp();
  const text = t.value.demos;
  const making = datasets.making.value;
  const job = making?.hash === set.hash && jobs.all.value.find(({ id }) => id === making.job);
  const under = job && (isActive(job) || job.error);
  return (
    <div class="card" data-testid={`set-${set.hash.slice(0, 8)}`}>
      <p class="small-text">{text.learntFrom(policiesText(set), set.episodes, set.seed)}</p>
      {under ? (
        <JobLine job={job} />
      ) : (
        <div class="row">
          <button
            type="button"
            class="small"
            data-testid={`set-${set.hash.slice(0, 8)}-make`}
            disabled={generating || datasets.makeSet.busy.value}
            onClick={() => void datasets.makeSet.run(set)}
          >
            {text.make}
          </button>
        </div>
      )}
    </div>
  );
}

/** "L2, Diffusion, Flow": who learnt from a set. */
export function policiesText({ policies }: Pick<OfferedSet, 'policies'>): string {
  const names = policies.map((name) => t.value.short[SHIPPED[name]]);
  return [...new Set(names)].join(', ');
}
