/** Starts work that takes long and says when it is under way: a parent to be killed. */
import { startWork } from '../../dist/server/jobs/process.js';

const [data] = process.argv.slice(2);
const request = {
  task: 'left-right',
  episodes: 10_000,
  seed: 0,
  out: 'orphaned',
  controlHz: 20,
  pushes: true,
};
startWork('generate', { place: { data, engine: 'compiled' }, request }, () => {
  process.stdout.write('under way\n');
});
