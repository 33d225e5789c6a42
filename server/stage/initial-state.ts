import type { InitialState, Task, Vec3 } from '../../sim/index.ts';
import { evaluationStart } from '../acting/evaluation-start.ts';
import { unheardSentence } from '../acting/unheard-sentence.ts';
import type { StageSettings } from '../protocol/stage.ts';

/** Where an episode of a stage begins: by its seed, unless a person put the objects elsewhere or says something. */
export function initialStateOf(
  task: Task,
  { seed, objects, instruction: said }: StageSettings,
  episode: number,
): InitialState {
  const { language } = task;
  const instruction = said ?? (language && unheardSentence(language, seed, episode));
  const initial = evaluationStart(task, { seed, start: episode, instruction });
  return {
    ...initial,
    ...(objects && {
      objects: objects.map(([x, y]): Vec3 => {
        return [Math.fround(x), Math.fround(y), initial.objects[0][2]];
      }),
    }),
  };
}
