import { describe, expect, it } from 'vitest';
import { readUrl } from '../../../client/shell/address/read-url.ts';
import { LEFT_TABS, RIGHT_TABS } from '../../../client/shell/address/url.ts';
import { STATES } from '../../../scripts/pictures/states.ts';
import { TASKS } from '../../../sim/tasks/index.ts';

describe('the states of the page that pictures are made of', () => {
  it('have names of their own that files can have', () => {
    const names = STATES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[\p{Ll}\p{Lo}\d]+(-[\p{Ll}\p{Lo}\d]+)*$/u.test(name))).toEqual(
      [],
    );
  });

  it('have addresses that the page believes, but for the one that shows what it does not', () => {
    const strange = STATES.filter(({ path }) => /^(\?embed)?#/.test(path)).filter(
      ({ path }) => readUrl(path.slice(path.indexOf('#'))).ignored.length > 0,
    );
    expect(strange.map(({ name }) => name)).toEqual(['strange-link']);
  });

  it('show every panel in every task', () => {
    const names = STATES.map(({ name }) => name);
    const panels = [...LEFT_TABS, ...RIGHT_TABS].flatMap((panel) =>
      TASKS.map(({ name: task }) => `${panel}-${task}`),
    );
    expect(panels.filter((panel) => !names.includes(panel))).toEqual([]);
  });

  it('end with the one that takes the server away', () => {
    const ending = STATES.findIndex(({ steps }) => steps.some((step) => 'end' in step));
    expect(ending).toBe(STATES.length - 1);
  });
});
