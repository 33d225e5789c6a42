import { toFloats } from '../../../server/protocol/frames.ts';
import { nameOfSource } from '../../../server/protocol/sources.ts';
import { unpackCommands } from '../../../server/protocol/takeover-commands.ts';
import { startSeed, type Vec3 } from '../../../sim/index.ts';
import type { App } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { fullNameOf } from '../../shared/lanes/role-text.ts';
import { taskOf } from '../../shared/tasks/stage-tasks.ts';
import { t } from '../../texts.ts';
import { derivedName } from './derived-name.ts';
import { RECORD_HZ } from './recorder.ts';
import type { Taken } from './taken.ts';

/**
 * Whether a person can take over in a view: it acts, at the rate of the recorder. An attempt is one
 * recording, of one rate, the policy's part and the person's.
 */
export function canTakeOver({ player, session }: App, lane: LaneId): boolean {
  const track = player.track.value;
  return session.info(lane) !== null && track?.info.controlHz === RECORD_HZ;
}

/** Takes over at the moment that is shown, in the recorder's own picture. */
export function takeOver(app: App, lane: LaneId): Promise<void> {
  if (!canTakeOver(app, lane)) return Promise.resolve();
  const taken = takeArm(app, lane);
  app.view.tab.value = 'record';
  return taken;
}

/**
 * Takes the arm out of a policy's hand at the moment that is shown. The page asks what was commanded
 * until then and goes on in its own physics; the stage is to hold still from here on.
 */
export function takeArm(app: App, lane: LaneId): Promise<void> {
  const { connection, player, recording, session } = app;
  const track = player.track.peek();
  const info = session.info(lane);
  if (!track || track.empty || !info || !canTakeOver(app, lane)) return Promise.resolve();
  const { id, seed, episode, objects, instruction } = track.info;
  const task = app.settings.task.peek();
  if (track.info.task !== task) return Promise.resolve();
  const step = Math.floor(player.position.peek());
  app.view.takingOver.value = lane;
  const moment = { episodeId: id, lane: track.lanes.indexOf(lane), step };
  const drawn = startSeed('evaluation', seed, episode);
  const start = taskOf(task).sampleInitialState(drawn);
  const initial = {
    ...start,
    objects: objects.map(([x, y, z]): Vec3 => [x, y, z]),
    ...(instruction !== null && { instruction }),
  };
  const moved = initial.objects.flat().join() !== start.objects.flat().join();
  return recording.takeOver(async (): Promise<Taken> => {
    const packed = await connection.request('stage:ask', { kind: 'commands', ...moment });
    const begun = unpackCommands(toFloats(packed));
    if (!begun) throw new Error(t.value.takeover.unreadable);
    const { source } = info;
    const shown = shownTo(app, source);
    const base = shown ?? nameOfSource(source);
    const dataset = derivedName(base, 'corrections');
    return {
      ...{ lane, source, moment, task, initial, begun, dataset },
      name: fullNameOf(app.cast.of(lane)),
      seed: moved ? null : drawn,
      beginWith: shown === dataset ? null : shown,
    };
  });
}

/** The dataset that a policy was trained on, where it is here and is still the same. */
function shownTo({ datasets, offers }: App, source: Taken['source']): string | null {
  const run = offers.find(source)?.run;
  const hash = run
    ? run.dataset.hash
    : datasets.sets
        .peek()
        .find(({ policies }) => policies.some((name) => name === nameOfSource(source)))?.hash;
  return datasets.all.peek()?.find((each) => each.hash === hash)?.name ?? null;
}
