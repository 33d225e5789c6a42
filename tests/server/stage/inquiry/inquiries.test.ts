import { expect, it } from 'vitest';
import { reportError } from '../../../../server/error-report.ts';
import { ProtocolError } from '../../../../server/protocol/errors.ts';
import type { Inquiry } from '../../../../server/protocol/inquiry.ts';
import { Inquiries, type Reply } from '../../../../server/stage/inquiry/inquiries.ts';
import { until } from '../../../support/until.ts';

const about = (step: number): Inquiry => ({ kind: 'plane', episodeId: 1, lane: 0, step });

/** Answers with the inquiry's step, when the test says so. */
function open() {
  const begun: number[] = [];
  const said: (readonly [viewer: string, reply: Reply])[] = [];
  const goOn: (() => void)[] = [];
  const inquiries = new Inquiries(
    async (_, { step }) => {
      begun.push(step);
      await new Promise<void>((resolve) => goOn.push(resolve));
      if (step < 0) throw new ProtocolError('not-found', 'gone');
      return Float32Array.of(step);
    },
    (viewer, reply) => said.push([viewer, reply]),
    reportError,
  );
  const finish = async () => {
    const { length } = said;
    goOn.shift()?.();
    await until(() => said.length > length, 'an answer');
  };
  return { inquiries, begun, said, finish };
}

it('are answered one at a time, a newer one of a viewer in the place of the one that waits', async () => {
  const { inquiries, begun, said, finish } = open();
  inquiries.ask('a', { id: 1, inquiry: about(1) });
  inquiries.ask('a', { id: 2, inquiry: about(2) });
  inquiries.ask('b', { id: 3, inquiry: about(3) });
  inquiries.ask('a', { id: 4, inquiry: about(4) });
  expect(begun).toEqual([1]);
  expect(said).toMatchObject([['a', { kind: 'refusal', ask: 2, error: { code: 'busy' } }]]);
  for (let i = 0; i < 3; i++) await finish();
  expect(begun).toEqual([1, 4, 3]);
  expect(said.slice(1)).toEqual([
    ['a', { kind: 'answer', ask: 1, packed: Float32Array.of(1) }],
    ['a', { kind: 'answer', ask: 4, packed: Float32Array.of(4) }],
    ['b', { kind: 'answer', ask: 3, packed: Float32Array.of(3) }],
  ]);
});

it('that fail are refused, and hold up no other; of who has left none are begun', async () => {
  const { inquiries, begun, said, finish } = open();
  inquiries.ask('a', { id: 1, inquiry: about(-1) });
  inquiries.ask('b', { id: 2, inquiry: about(2) });
  inquiries.ask('c', { id: 3, inquiry: about(3) });
  inquiries.forget('b');
  await finish();
  await finish();
  expect(begun).toEqual([-1, 3]);
  expect(said).toMatchObject([
    ['a', { kind: 'refusal', error: { code: 'not-found' } }],
    ['c', { kind: 'answer', ask: 3 }],
  ]);
});
