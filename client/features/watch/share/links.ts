import type { App } from '../../../app.ts';
import { standing } from '../../../shell/address/moment.ts';
import { encodeUrl, type UrlState } from '../../../shell/address/url.ts';
import { readUrlState } from '../../../shell/address/url-state.ts';

/** The search part of an address that shows the stage without what stands around it. */
const EMBED = 'embed';
const SIZE = { width: 960, height: 600 } as const;

/** The address of what is shown now: whoever opens it sees the episode played until here, standing still. */
export function linkToMoment({ player, session, settings, view }: App): string {
  const track = player.track.peek();
  const moment = standing(player) ?? (track ? Math.round(player.position.peek()) : null);
  const state = readUrlState(
    settings,
    view,
    { episode: session.shownEpisode.peek(), moment },
    null,
  );
  // A moment is looked at on a stage of one's own.
  return linkTo({ ...state, together: false });
}

/** The address at which all who open it watch one stage. */
export function linkToWatchTogether({ session, settings, view }: App): string {
  const episode = session.shownEpisode.peek();
  const state = readUrlState(settings, view, { episode, moment: null }, null);
  return linkTo({ ...state, together: true });
}

function linkTo(state: UrlState): string {
  return `${location.origin}${location.pathname}#${encodeUrl(state)}`;
}

/** HTML that shows a link's stage within another page, playing. */
export function embedCode(link: string): string {
  const address = new URL(link);
  address.search = EMBED;
  const hash = address.hash.replaceAll('&', '&amp;');
  address.hash = '';
  const { width, height } = SIZE;
  return (
    `<iframe src="${address.href}${hash}" width="${width}" height="${height}" ` +
    'style="border:0" title="Forking Paths"></iframe>'
  );
}
