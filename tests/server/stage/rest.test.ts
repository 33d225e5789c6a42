import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { rest } from '../../../server/stage/rest.ts';

it('lets what waits in the queue of tasks have its turn', async () => {
  const order: string[] = [];
  setTimeout(() => order.push('task'), 0);
  await rest(0);
  order.push('rested');
  expect(order).toEqual(['task', 'rested']);
});

it('keeps no process alive', () => {
  const module = new URL('../../../dist/server/stage/rest.js', import.meta.url).href;
  const program = `import { rest } from '${module}'; await rest(600_000);`;
  const options = { timeout: 60_000 };
  // Node's own code for a promise that nothing is left to settle.
  const unsettled = 13;
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', program], options).status).toBe(
    unsettled,
  );
});
