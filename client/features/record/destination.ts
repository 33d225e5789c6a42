import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { DatasetSummary } from '../../../server/protocol/index.ts';
import type { StageTask } from '../../shared/tasks/stage-tasks.ts';
import { derivedName } from './derived-name.ts';
import type { RecordStore } from './record-store.ts';
import { RECORD_HZ } from './recorder.ts';

/** The name under which recordings of a task are kept, unless a person says otherwise. */
function usualDataset(task: StageTask): string {
  return `my-${task}`;
}

/** Where recordings of each task go. */
export function createDestination(
  task: ReadonlySignal<StageTask>,
  datasets: ReadonlySignal<readonly DatasetSummary[] | null>,
): Pick<RecordStore, 'dataset' | 'obstacle' | 'failedDataset' | 'saveTo'> {
  const names = signal<Partial<Record<StageTask, string>>>({});
  const dataset = computed(() => names.value[task.value] ?? usualDataset(task.value));
  const obstacleOf = (name: string) => {
    const known = datasets.value?.find((each) => each.name === name);
    const fits = !known || (known.task === task.value && known.controlHz === RECORD_HZ);
    return fits ? null : known;
  };
  return {
    dataset,
    obstacle: computed(() => obstacleOf(dataset.value)),
    failedDataset: computed(() => {
      const name = derivedName(dataset.value, 'failed');
      return obstacleOf(name) ? null : name;
    }),
    saveTo(name) {
      names.value = { ...names.value, [task.peek()]: name };
    },
  };
}
