import { expect, it } from 'vitest';
import { obstacleTo } from '../../../../client/features/watch/recorded/finding.ts';
import { readUrl } from '../../../../client/shell/address/read-url.ts';

const HASH = '0123456789abcdef';
const LINK = 'view=1&seed=3&episode=7&noise=12&batch=25&ta=20&policies=flow:euler:1';

function obstacle(address: string, { hash = HASH, served = true } = {}) {
  const { state: asked, ignored } = readUrl(address);
  return obstacleTo({ hash, asked, ignored }, served);
}

it('a link that says all that decides a rollout is played', () => {
  expect(obstacle(LINK)).toBeNull();
  // Of another view, or of how it is looked at.
  expect(obstacle(`${LINK},nonsense&camera=nowhere`)).toBeNull();
});

it.each([
  ['a hash that is none', LINK, { hash: 'abc' }, 'recorded'],
  ['no size of a batch', LINK.replace('&batch=25', ''), {}, 'batch'],
  ['a batch that the page cannot draw', LINK.replace('batch=25', 'batch=100000'), {}, 'batch'],
  ['no action horizon', LINK.replace('&ta=20', ''), {}, 'ta'],
  ['no policy', LINK.replace('flow:euler:1', 'flow:euler:99999'), {}, 'policies'],
  ['what is perturbed, but not how', `${LINK}&perturb=mass`, {}, 'perturb'],
  ['a start of a grid that is none', LINK.replace('episode=7', 'episode=-1'), {}, 'episode'],
] as const)('%s is named, as something else would be shown', (_, address, with_, field) => {
  expect(obstacle(address, with_)).toEqual({ kind: 'ignored', field });
});

it('a page without a server draws plans one at a time', () => {
  expect(obstacle(LINK, { served: false })).toEqual({ kind: 'alone' });
});
