/**
 * Plays commands in a process of its own, with the compiled sources, and answers the episode's
 * hash: the other side of `replayElsewhere`.
 */
import { Episode, findTask, loadPhysics } from '../../dist/sim/index.js';

process.once('message', async ({ initial, snapshot, controlHz, rows }) => {
  const rapier = await loadPhysics();
  const task = findTask('left-right');
  const episode = snapshot
    ? Episode.restore(rapier, task, snapshot)
    : Episode.create(rapier, task, initial, controlHz);
  for (let at = 0; at < rows.length; at += 8) episode.step(rows.subarray(at, at + 8));
  process.send({ hash: episode.hash, progress: episode.progress }, () => process.disconnect());
});
