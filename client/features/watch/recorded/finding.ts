import { effect, type Signal } from '@preact/signals';
import { unpackEnding } from '../../../../server/protocol/ending.ts';
import { toFloats } from '../../../../server/protocol/frames.ts';
import { REPLAY_HASH } from '../../../../sim/replay-hash.ts';
import type { App } from '../../../app.ts';
import { LANES, perLane } from '../../../shared/lanes/lanes.ts';
import { reportOf } from '../../../shared/link/connection.ts';
import { DEFAULT_URL, encodeUrl, type UrlState } from '../../../shell/address/url.ts';
import { readUrlState } from '../../../shell/address/url-state.ts';
import type { RecordedLink } from '../../../shell/view.ts';
import type { Track } from '../playback/track.ts';

/** What there is to say of a recorded rollout that a link asks for. */
export type Finding =
  /** It has not ended here yet. */
  | { readonly kind: 'playing' }
  /** It ended in the recorded hash. */
  | { readonly kind: 'same' }
  /** It ended in another one. */
  | { readonly kind: 'other'; readonly hash: string }
  /** A person has had a part in it. */
  | { readonly kind: 'assisted' }
  /** The server does not say in what it ended. */
  | { readonly kind: 'unknown'; readonly message: string }
  /** Other settings are in force. */
  | { readonly kind: 'elsewhere' }
  /** What decides it is not in the link, or was not believed. */
  | { readonly kind: 'ignored'; readonly field: string }
  /** The page draws plans one at a time. */
  | { readonly kind: 'alone' }
  /** The stage does not play it, and says why. */
  | { readonly kind: 'refused' };

/** A report's links play in this view. */
const VIEW = LANES[0];

/** What decides a rollout, as an address has it. */
const DECIDING: readonly string[] = [
  ...['task', 'seed', 'episode', 'noise', 'batch', 'perturb'],
  ...['ta', 'policies', 'eta', 'guidance', 'say', 'ball', 'scheme', 'delay'],
];

/** Settings that make a stage show the same rollouts, as an address; the episode apart. */
function settingsOf(state: UrlState): string {
  const { task, seed, noise, batch, perturb, chunking } = state;
  const { actionHorizon, objects, instruction } = state;
  const lanes = perLane((lane) => (lane === VIEW ? state.lanes[lane] : null));
  const grid = { task, seed, noise, batch, perturb, chunking };
  return encodeUrl({ ...DEFAULT_URL, ...grid, actionHorizon, objects, instruction, lanes });
}

/** What keeps the page from playing a rollout alike, whatever is shown; null where nothing does. */
export function obstacleTo(
  { hash, asked, ignored }: RecordedLink,
  served: boolean,
): Extract<Finding, { kind: 'ignored' | 'alone' }> | null {
  if (!served) return { kind: 'alone' };
  if (!REPLAY_HASH.test(hash)) return { kind: 'ignored', field: 'recorded' };
  const wrong = ignored.find(
    ({ field, lane }) => DECIDING.includes(field) && (lane === null || lane === VIEW),
  );
  if (wrong) return { kind: 'ignored', field: wrong.field };
  const { batch, actionHorizon } = asked;
  if (batch === null) return { kind: 'ignored', field: 'batch' };
  return actionHorizon === null ? { kind: 'ignored', field: 'ta' } : null;
}

/**
 * Watches the stage for the end of the rollout that a link names, and holds its hash against the recorded
 * one. What was found stays until the same is played again or something else is shown.
 *
 * @returns ends the watching
 */
export function watchFor(
  { connection, player, session, settings, view }: App,
  link: RecordedLink,
  found: Signal<Finding>,
): () => void {
  const obstacle = obstacleTo(link, connection.offers('train:start'));
  if (obstacle) {
    found.value = obstacle;
    return () => {};
  }
  const { asked } = link;
  const wanted = settingsOf(asked);
  const isIt = ({ info }: Track) => info.seed === asked.seed && info.episode === asked.episode;
  /** Whose end is known, or asked for. */
  let ended: Track | null = null;

  async function hold(track: Track): Promise<void> {
    const moment = { episodeId: track.info.id, lane: track.lanes.indexOf(VIEW), step: 0 };
    const finding = await connection
      .request('stage:ask', { kind: 'ending', ...moment })
      .then((packed): Finding => {
        const ending = unpackEnding(toFloats(packed));
        if (!ending) throw new Error('expected how the rollout ended, got something else');
        const { hash, assisted } = ending;
        if (assisted) return { kind: 'assisted' };
        return hash === link.hash ? { kind: 'same' } : { kind: 'other', hash };
      })
      .catch((cause: unknown): Finding => {
        return { kind: 'unknown', message: reportOf(cause).message };
      });
    if (ended === track) found.value = finding;
  }

  return effect(() => {
    player.received.value;
    player.track.value;
    const here = readUrlState(settings, view, { episode: asked.episode, moment: null }, null);
    if (settingsOf(here) !== wanted) {
      ended = null;
      found.value = { kind: 'elsewhere' };
      return;
    }
    if (session.error.value || session.laneErrors.value[VIEW]) {
      ended = null;
      found.value = { kind: 'refused' };
      return;
    }
    // What is on its way out is of other settings.
    if (session.pending.value) return;
    const { current, previous } = player;
    const track = [current, previous].find((each) => each && isIt(each));
    if (!track) {
      if (ended === null && current) found.value = { kind: 'elsewhere' };
      return;
    }
    if (track === ended) return;
    // Its last frame may have been one that this page was too slow to be sent.
    if (track === current && track.marks(VIEW)?.ended == null) {
      found.value = { kind: 'playing' };
      return;
    }
    ended = track;
    void hold(track);
  });
}
