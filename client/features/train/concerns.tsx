import { type Concern, concernsOf, FEW_EPISODES } from '../../../server/protocol/concerns.ts';
import type { DatasetSummary } from '../../../server/protocol/index.ts';
import { modesOf } from '../../shared/tasks/modes.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';

/** What a training on a dataset lets one expect, said before it starts. */
export function Concerns({ of: dataset }: { of: DatasetSummary }) {
  const concerns = concernsOf(dataset);
  if (concerns.length === 0) return null;
  return (
    <div role="status">
      <ul class="concerns" data-testid="train-concerns">
        {concerns.map((concern) => (
          <li key={concern.kind} data-testid={`train-concern-${concern.kind.replace(' ', '-')}`}>
            <Icon name="alert" size={14} />
            <span>{textOf(concern, dataset.task)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function textOf(concern: Concern, task: string): string {
  const text = t.value.train.concern;
  switch (concern.kind) {
    case 'one mode':
      return text.oneMode(
        modesOf(task).flatMap(({ name, label }) => (concern.missing.includes(name) ? [label] : [])),
        modesOf(task).length - concern.missing.length,
      );
    case 'few':
      return text.few(concern.episodes, FEW_EPISODES);
    case 'failures':
      return text.failures(concern.failed, concern.episodes);
  }
}
