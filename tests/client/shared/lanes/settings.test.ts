import { describe, expect, it } from 'vitest';
import { freeName } from '../../../../client/features/demos/datasets.ts';
import { FIRST_CHOICES } from '../../../../client/shared/lanes/lanes.ts';
import {
  createSettings,
  resetSettings,
  stageRequest,
} from '../../../../client/shared/lanes/settings.ts';
import { DEFAULT_URL, type UrlState } from '../../../../client/shell/address/url.ts';
import { applyUrl, readUrlState } from '../../../../client/shell/address/url-state.ts';
import { createView } from '../../../../client/shell/view.ts';
import { stageSettingsSchema } from '../../../../server/protocol/index.ts';

describe('the settings', () => {
  it('are a request that the server takes, as they are at first and with everything set', () => {
    const settings = createSettings();
    const first = stageRequest(settings, ['1', '2', '3']);
    expect(stageSettingsSchema.parse(first).lanes).toHaveLength(3);
    expect(first).not.toHaveProperty('actionHorizon');

    settings.actionHorizon.value = 4;
    settings.objects.value = [[0.65, 0.05]];
    settings.lanes['3'].value = { policy: { kind: 'run', id: 'flow-1' }, sampler: 'heun', nfe: 3 };
    const request = stageSettingsSchema.parse(stageRequest(settings, ['3']));
    expect(request).toMatchObject({
      lanes: [{ policy: { kind: 'run', id: 'flow-1' }, sampler: 'heun', nfe: 3 }],
      actionHorizon: 4,
      objects: [[0.65, 0.05]],
    });
  });

  it('say something only in a task in which one can be told', () => {
    const settings = createSettings();
    settings.instruction.value = 'hand me the red apple';
    expect(stageRequest(settings, ['1'])).not.toHaveProperty('instruction');
    settings.task.value = 'left-right-colour';
    expect(stageSettingsSchema.parse(stageRequest(settings, ['1']))).toMatchObject({
      task: 'left-right-colour',
      instruction: 'hand me the red apple',
    });
    settings.instruction.value = '';
    expect(stageRequest(settings, ['1'])).toMatchObject({ instruction: '' });
    settings.instruction.value = null;
    expect(stageRequest(settings, ['1'])).not.toHaveProperty('instruction');
  });

  it('ask for nobody in a lane where nobody is known', () => {
    const settings = createSettings();
    settings.lanes['2'].value = null;
    expect(stageRequest(settings, ['1', '2', '3']).lanes).toHaveLength(2);
  });

  it('go back to what they were', () => {
    const settings = createSettings();
    const before = stageRequest(settings, ['1', '3']);
    settings.actionHorizon.value = 2;
    settings.lanes['1'].value = { policy: { kind: 'run', id: 'x' } };
    settings.lanes['3'].value = { policy: { kind: 'shipped', name: 'flow' }, sampler: 'heun' };
    resetSettings(settings, FIRST_CHOICES);
    expect(stageRequest(settings, ['1', '3'])).toEqual(before);
  });

  it('come from an address and go back into it', () => {
    const settings = createSettings();
    const view = createView();
    const state: UrlState = {
      ...DEFAULT_URL,
      tab: 'compare',
      seed: 7,
      actionHorizon: 3,
      lanes: { ...DEFAULT_URL.lanes, '2': { policy: { kind: 'run', id: 'd-1' }, sampler: 'ddpm' } },
      objects: [[0.7, -0.1]],
      moment: 34,
      ghosts: false,
      curves: '2',
      attention: true,
      together: true,
      language: 'zh',
    };
    applyUrl(state, settings, view);
    expect(readUrlState(settings, view, state, 'zh')).toEqual(state);
  });
});

describe('the view', () => {
  it('has room for one panel on a small screen: the last one opened', () => {
    const view = createView();
    view.roomy.value = false;
    view.tab.value = 'train';
    expect(view.side.value).toBeNull();
    view.side.value = 'latency';
    expect(view.tab.value).toBeNull();
    view.tab.value = 'demos';
    view.tab.value = null;
    expect(view.side.value).toBe('latency');
  });

  it('keeps the work that was asked for when the room shrinks', () => {
    const view = createView();
    view.tab.value = 'train';
    view.roomy.value = false;
    expect([view.tab.value, view.side.value]).toEqual(['train', null]);
  });

  it('has room for two on a large one', () => {
    const view = createView();
    view.tab.value = 'train';
    expect(view.side.value).toBe('why');
  });
});

describe('a free name', () => {
  it('is the wanted one, or the next with a number', () => {
    expect(freeName('a', [])).toBe('a');
    expect(freeName('a', [{ name: 'a' }, { name: 'a-2' }])).toBe('a-3');
  });
});
