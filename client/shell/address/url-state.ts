import { batch } from '@preact/signals';
import { LANES, perLane, sameChoice } from '../../shared/lanes/lanes.ts';
import type { Settings } from '../../shared/lanes/settings.ts';
import type { View } from '../view.ts';
import type { UrlState } from './url.ts';

/** Shows what an address asks for; its language is the page's affair. */
export function applyUrl(state: UrlState, settings: Settings, view: View): void {
  batch(() => {
    view.tab.value = state.tab;
    view.side.value = state.side;
    view.camera.value = state.camera;
    view.focus.value = state.focus;
    settings.task.value = state.task;
    settings.seed.value = state.seed;
    settings.noise.value = state.noise;
    settings.batch.value = state.batch;
    settings.perturb.value = state.perturb;
    settings.chunking.value = state.chunking;
    view.denoise.value = state.denoise;
    settings.episode.value = state.episode;
    settings.actionHorizon.value = state.actionHorizon;
    settings.speed.value = state.speed;
    view.ghosts.value = state.ghosts;
    view.curves.value = state.curves;
    settings.attention.value = state.attention;
    settings.together.value = state.together;
    settings.objects.value = state.objects;
    settings.instruction.value = state.instruction;
    for (const lane of LANES) {
      // An equal value in a new object would restart the stage.
      const { value } = settings.lanes[lane];
      if (!sameChoice(value, state.lanes[lane])) settings.lanes[lane].value = state.lanes[lane];
    }
  });
}

/**
 * What the address should say.
 *
 * @param shown the episode that is shown, which need not be the one the stage is at, and the control
 *   step at which it stands still, or null
 */
export function readUrlState(
  settings: Settings,
  view: View,
  { episode, moment }: Pick<UrlState, 'episode' | 'moment'>,
  language: UrlState['language'],
): UrlState {
  return {
    tab: view.tab.value,
    side: view.side.value,
    camera: view.camera.value,
    focus: view.focus.value,
    task: settings.task.value,
    seed: settings.seed.value,
    noise: settings.noise.value,
    batch: settings.batch.value,
    perturb: settings.perturb.value,
    chunking: settings.chunking.value,
    denoise: view.side.value === 'denoise' ? view.denoise.value : null,
    episode,
    actionHorizon: settings.actionHorizon.value,
    lanes: perLane((lane) => settings.lanes[lane].value),
    objects: settings.objects.value,
    instruction: settings.instruction.value,
    speed: settings.speed.value,
    moment,
    ghosts: view.ghosts.value,
    curves: view.curves.value,
    attention: settings.attention.value,
    together: settings.together.value,
    language,
  };
}
