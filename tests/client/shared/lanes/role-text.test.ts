import { describe, expect, it } from 'vitest';
import { shortNameOf } from '../../../../client/shared/lanes/role-text.ts';

const nameOf = (policy: Parameters<typeof shortNameOf>[0]['choice']) =>
  shortNameOf({ choice: policy, name: null, sees: null });

describe('who acts, of a method that is not known', () => {
  it('is a run by the end of its id, and any other policy by its name', () => {
    expect(nameOf({ policy: { kind: 'run', id: 'flow-20260101-abcd' } })).toBe('run abcd');
    expect(nameOf({ policy: { kind: 'shipped', name: 'flow' } })).toBe('flow');
  });

  it('is nobody while nothing is chosen', () => {
    expect(nameOf(null)).toBe('–');
  });
});
