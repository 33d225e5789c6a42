import { expect, it } from 'vitest';
import { takeoverVerdict } from '../../../scripts/bench/takeover-verdict.ts';

const of = (pattern: string) => [...pattern].map((each) => each === '+');

it('tells what corrections gave from what the training alone gave', () => {
  const verdict = takeoverVerdict([
    { before: of('----++++'), control: of('+---++++'), corrected: of('++++++++') },
  ]);
  expect(verdict.before).toMatchObject({ k: 4, n: 8 });
  expect(verdict.controlOverBefore).toEqual({ rate: 1 / 8, p: 1 });
  // Three pairs that differ, all the same way: 2 · 2⁻³.
  expect(verdict.correctedOverControl).toEqual({ rate: 3 / 8, p: 0.25 });
  expect(verdict.correctedOverBefore).toEqual({ rate: 4 / 8, p: 0.125 });
});

it('puts several seeds together start by start, and lets one that lost count against another', () => {
  const won = { before: of('--'), control: of('--'), corrected: of('++') };
  const lost = { before: of('++'), control: of('++'), corrected: of('-+') };
  const verdict = takeoverVerdict([won, lost]);
  expect(verdict.corrected).toMatchObject({ k: 3, n: 4 });
  // Two for, one against: 2 · (1 + 3) / 2³, which is 1.
  expect(verdict.correctedOverControl).toEqual({ rate: 1 / 4, p: 1 });
});
