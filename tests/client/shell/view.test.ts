import { describe, expect, it } from 'vitest';
import { createView } from '../../../client/shell/view.ts';

describe('the stage', () => {
  it('is the recorder’s while its tab is open', () => {
    const view = createView();
    view.tab.value = 'record';
    expect(view.recording.value).toBe(true);
    view.tab.value = 'train';
    expect(view.recording.value).toBe(false);
  });

  it('stays the policies’ where nothing can be recorded, but for an arm that is taken over', () => {
    const view = createView(false);
    view.tab.value = 'record';
    expect(view.recording.value).toBe(false);
    view.takingOver.value = '2';
    expect(view.recording.value).toBe(true);
    view.tab.value = null;
    expect(view.takingOver.value).toBe(null);
    view.tab.value = 'record';
    expect(view.recording.value).toBe(false);
  });
});
