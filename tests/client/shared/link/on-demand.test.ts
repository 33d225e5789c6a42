import { expect, it } from 'vitest';
import { fetchAhead, onDemand } from '../../../../client/shared/link/on-demand.ts';

const noPause = async () => {};
const browser = {};

it('is fetched once, when it is first asked for', async () => {
  let times = 0;
  const room = onDemand(async () => ++times);
  expect(times).toBe(0);
  expect(room.part.value).toBeNull();
  await Promise.all([room.fetch(), room.fetch()]);
  await room.fetch();
  expect(room.part.value).toEqual({ value: 1 });
  expect(times).toBe(1);
});

it('keeps a component as it is', async () => {
  const component = () => null;
  const room = onDemand(async () => component);
  await room.fetch();
  expect(room.part.value?.value).toBe(component);
});

it('says why it could not be fetched, and can be asked for again', async () => {
  let there = false;
  const room = onDemand(async () => {
    if (!there) throw new TypeError('Failed to fetch room.js');
    return 'room';
  });
  await room.fetch();
  expect(room.error.value?.message).toBe('Failed to fetch room.js');
  expect(room.part.value).toBeNull();
  there = true;
  const again = room.fetch();
  expect(room.error.value).toBeNull();
  await again;
  expect(room.part.value).toEqual({ value: 'room' });
});

it('is fetched ahead one part after another, each after a pause, until one fails', async () => {
  const log: string[] = [];
  const part = (name: string, error?: Error) =>
    onDemand(async () => {
      log.push(`${name} begins`);
      await noPause();
      log.push(`${name} ends`);
      if (error) throw error;
    });
  const broken = part('broken', new Error('gone'));
  const pause = async () => {
    log.push('pause');
  };
  await fetchAhead([part('first'), broken, part('last')], { pause, browser });
  const each = ['first', 'broken'];
  expect(log).toEqual(each.flatMap((name) => ['pause', `${name} begins`, `${name} ends`]));
});

it('is not fetched ahead for somebody who counts bytes', async () => {
  const room = onDemand(async () => 'room');
  await fetchAhead([room], { pause: noPause, browser: { connection: { saveData: true } } });
  expect(room.part.value).toBeNull();
});
