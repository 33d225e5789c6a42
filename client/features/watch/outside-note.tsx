import { useComputed } from '@preact/signals';
import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { taskOf } from '../../shared/tasks/stage-tasks.ts';
import { objectText } from '../../shared/tasks/told-outcome.ts';
import { t } from '../../texts.ts';
import { outsideOf, regionsOf } from './coverage.ts';

/** Says that a policy stands before a start unlike all it has learnt from. */
export function OutsideNote({ lane }: { lane: LaneId }) {
  const { datasets, player, runs, settings } = useApp();
  const outside = useComputed(() => {
    const source = settings.lanes[lane].value?.policy;
    const start = player.track.value?.info.objects;
    if (!start) return [];
    return outsideOf(regionsOf(source, datasets.sets.value, runs.all.value ?? []), start);
  });
  const { objectNames } = taskOf(settings.task.value);
  const text = t.value.stage;
  if (outside.value.length === 0) return null;
  return (
    <p class="outside-note" title={text.outsideWhy} data-testid={`lane-${lane}-outside`}>
      {outside.value
        .map(({ object, centimetres }) =>
          text.outside(
            objectNames.length > 1 ? objectText(objectNames[object]) : null,
            centimetres,
          ),
        )
        .join(' · ')}
    </p>
  );
}
