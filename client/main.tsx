import './shared/language-tag.ts';
import { batch, effect } from '@preact/signals';
import { render } from 'preact';
import { AppProvider, createApp } from './app.ts';
import { comparisonMemory } from './features/compare/memory.ts';
import { foldPages } from './features/watch/pages.ts';
import { Page } from './page.tsx';
import { LANES } from './shared/lanes/lanes.ts';
import { openSocket } from './shared/link/open-socket.ts';
import { StoresProvider } from './shared/stores.ts';
import { momentOf } from './shell/address/moment.ts';
import { readUrl } from './shell/address/read-url.ts';
import { encodeUrl } from './shell/address/url.ts';
import { applyUrl, readUrlState } from './shell/address/url-state.ts';
import { listenToShortcuts } from './shell/watch-keys.ts';
import { type Language, language, speak, t } from './texts.ts';
import '#colors.css';
import './styles.css';

/** Narrower than this the stage needs the room that the explanations would take, CSS px. */
const ROOM_FOR_ONE_PANEL = 1100;
const ROOM_FOR_TWO_PANELS = 1560;
/** So wide is a phone at most; the style sheets have the same. */
const PHONE = 640;

const { state: asked, ignored } = readUrl(location.hash);
const preferred: Language = navigator.language.startsWith('zh') ? 'zh' : 'en';
// Nothing is awaited outside of functions: where anything is, the bundler leaves every small chunk apart.
void speak(asked.language ?? preferred).then(openPage);

function openPage(): void {
  const phone = matchMedia(`(max-width: ${PHONE}px)`);
  // One view at a time; the address of a phone names the one that is shown.
  const start = { ...asked, focus: asked.focus ?? (phone.matches ? LANES[0] : null) };
  const room = innerWidth >= ROOM_FOR_ONE_PANEL || location.hash.includes('side=');
  const app = createApp(openSocket(), room ? start : { ...start, side: null }, comparisonMemory);
  const { view, settings, session, player, recording } = app;
  view.ignored.value = ignored;

  view.narrow.value = phone.matches;
  foldPages(view.narrow, view.focus);
  phone.addEventListener('change', ({ matches }) => {
    view.narrow.value = matches;
  });

  const wide = matchMedia(`(min-width: ${ROOM_FOR_TWO_PANELS}px)`);
  view.roomy.value = wide.matches;
  wide.addEventListener('change', ({ matches }) => {
    view.roomy.value = matches;
  });

  const query = new URLSearchParams(location.search);
  view.embedded.value = query.has('embed');
  const hash = query.get('recorded');
  if (hash !== null) view.recorded.value = { hash, asked, ignored };
  const quality = query.get('quality');
  if (quality === 'low') view.quality.value = 'low';

  const motion = matchMedia('(prefers-reduced-motion: reduce)');
  view.reducedMotion.value = motion.matches;
  // How the first plans came out of noise can be looked at once they are there.
  if (start.side === 'denoise' && start.moment === 0) player.stopAt('first plans', true);
  else if (start.moment !== null) player.stopAt(start.moment, true);
  // Nothing moves unasked: the stage begins as a picture of the fork.
  else if (motion.matches) player.stopAt('first plans', true);
  motion.addEventListener('change', ({ matches }) => {
    view.reducedMotion.value = matches;
  });

  view.hidden.value = document.hidden;
  document.addEventListener('visibilitychange', () => {
    view.hidden.value = document.hidden;
  });

  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en';
    document.title = t.value.documentTitle;
  });

  // A moment that an episode has not had.
  effect(() => {
    const { wanted, at } = player.arrival.value ?? {};
    if (typeof wanted !== 'number' || at === undefined || at >= wanted) return;
    const expected = { kind: 'ended', last: at } as const;
    const short = { field: 't', lane: null, got: String(wanted), expected, stands: String(at) };
    view.ignored.value = [...view.ignored.peek(), short];
  });

  const moment = momentOf(player);
  /** @param moment control step at which the episode stands still */
  const readHere = (moment: number | null) =>
    readUrlState(settings, view, { episode: session.shownEpisode.value, moment }, null);
  let choices = settings.choices.peek();
  effect(() => {
    const chosen = language.value === preferred ? null : language.value;
    const hash = encodeUrl({ ...readHere(moment.value), language: chosen });
    // The browser's way back leads to who acted before; nothing else is worth a step of it.
    const chose = settings.choices.value !== choices;
    choices = settings.choices.value;
    if (hash === location.hash.slice(1)) return;
    const address = hash === '' ? location.pathname + location.search : `#${hash}`;
    history[chose ? 'pushState' : 'replaceState'](null, '', address);
  });
  addEventListener('hashchange', ({ newURL }) => {
    // The address may have been written again by now: with an episode that came meanwhile, say.
    const { state: wanted, ignored } = readUrl(new URL(newURL).hash);
    const other = wanted.episode !== session.shownEpisode.peek();
    const there = encodeUrl({ ...readHere(null), language: wanted.language });
    const same = there === encodeUrl({ ...wanted, moment: null });
    void speak(wanted.language ?? preferred);
    batch(() => {
      applyUrl(view.roomy.peek() ? wanted : { ...wanted, side: null }, settings, view);
      view.ignored.value = ignored;
      // Only a changed address starts at the episode it names.
      if (other || (wanted.moment !== null && !same)) session.goTo(wanted);
    });
    if (wanted.moment !== null) player.stopAt(wanted.moment, !same);
  });

  addEventListener('beforeunload', (event) => {
    if (recording.atRisk.value) event.preventDefault();
  });
  listenToShortcuts(app);

  function onFirstFrame(): void {
    document.documentElement.dataset.ready = 'true';
    performance.mark('first-frame');
  }

  const root = document.getElementById('root');
  if (!root) throw new Error('index.html: expected an element with the id "root"');
  render(
    <AppProvider value={app}>
      <StoresProvider value={app}>
        {/* A quality in the address is meant: it is not lowered behind the reader's back. */}
        <Page adaptive={quality === null} onFirstFrame={onFirstFrame} />
      </StoresProvider>
    </AppProvider>,
    root,
  );
}
