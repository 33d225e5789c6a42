import type { Signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import { createStageLink, type StageLink } from '../../../../client/features/watch/stage-link.ts';
import type { ConnectionStatus } from '../../../../client/shared/link/connection.ts';
import { packFrame } from '../../../../server/protocol/index.ts';
import { type FakeConnection, fakeConnection } from '../../support.ts';
import { frameAt } from './playback/support.ts';

let connection: FakeConnection;
let link: StageLink;
beforeEach(() => {
  connection = fakeConnection();
  link = createStageLink(connection);
});

describe('the link to the stage', () => {
  it('acknowledges every frame, also one that cannot be read', () => {
    const steps: number[] = [];
    const refused: string[] = [];
    let acknowledged = 0;
    link.hear(() => 2, {
      episode: () => undefined,
      frame: ({ step }) => void steps.push(step),
      fan: () => void steps.push(-1),
      problem: () => undefined,
      trouble: () => undefined,
      unreadable: ({ message }) => void refused.push(message),
    });
    const received = () => {
      acknowledged++;
    };
    connection.say('stage:frame', packFrame(frameAt(3)).slice().buffer as ArrayBuffer, received);
    connection.say('stage:frame', new ArrayBuffer(4), received);
    connection.say('stage:fan', new ArrayBuffer(4), received);
    expect([acknowledged, steps]).toEqual([3, [3]]);
    // Both begin with a number that is no format of this version.
    expect(refused).toHaveLength(2);
    expect(refused[0]).toContain('reload the page');
  });

  it('tells nothing where there is no connection: the next settings say it all again', () => {
    link.tell({ kind: 'next' });
    (connection.status as Signal<ConnectionStatus>).value = 'lost';
    link.tell({ kind: 'play', playing: true });
    expect(connection.asked).toEqual([{ name: 'stage:command', request: { kind: 'next' } }]);
  });
});
