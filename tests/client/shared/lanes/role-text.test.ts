import { describe, expect, it } from 'vitest';
import { shortNameOf } from '../../../../client/shared/lanes/role-text.ts';

const nameOf = (policy: Parameters<typeof shortNameOf>[0]['choice']) =>
  shortNameOf({ choice: policy, name: null, sees: null, guest: null });

describe('who acts, of a method that is not known', () => {
  it('is a run by the end of its id, and any other policy by its name', () => {
    expect(nameOf({ policy: { kind: 'run', id: 'flow-20260101-abcd' } })).toBe('run abcd');
    expect(nameOf({ policy: { kind: 'shipped', name: 'flow' } })).toBe('flow');
  });

  it('is a policy server by the name it gives itself, once that is known', () => {
    const choice = { policy: { kind: 'server', url: 'ws://127.0.0.1:8000' } } as const;
    expect(nameOf(choice)).toBe('ws://127.0.0.1:8000');
    expect(shortNameOf({ choice, name: null, sees: null, guest: 'mine' })).toBe('mine');
  });

  it('is nobody while nothing is chosen', () => {
    expect(nameOf(null)).toBe('–');
  });
});
