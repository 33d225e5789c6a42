import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type App, useApp } from '../../../app.ts';
import { LANES, type LaneId } from '../../../shared/lanes/lanes.ts';
import { distinctNameOf } from '../../../shared/lanes/role-text.ts';
import { saveFile } from '../../../shared/widgets/download.ts';
import { SelectField } from '../../../shared/widgets/fields.tsx';
import { Icon } from '../../../shared/widgets/icon.tsx';
import { t } from '../../../texts.ts';
import { type Clip, clipType, LONGEST_CLIP, recordClip } from './clip.ts';
import { embedCode, linkToMoment, linkToWatchTogether } from './links.ts';
import { type Legend, takePicture } from './picture.ts';
import './share.css';

/** What happened to what was asked for last. */
type News = { readonly kind: 'good' | 'bad'; readonly text: string } | null;

/** A link to the moment, a page that shows it within another, and pictures of a view. */
export function ShareSheet({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>('.primary')?.focus();
  }, []);
  const text = t.value.share;
  return (
    <dialog
      ref={dialog}
      class="sheet share-sheet"
      aria-labelledby="share-title"
      data-testid="share"
      onClose={onClose}
    >
      <div class="row spread">
        <h2 id="share-title">{text.title}</h2>
        <button type="button" class="bare" aria-label={t.value.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <Links />
      <PicturesOf />
    </dialog>
  );
}

function Links() {
  const app = useApp();
  const text = t.value.share;
  // As it was when the sheet was opened: the episode goes on.
  const link = useSignal(linkToMoment(app)).value;
  const together = useSignal(linkToWatchTogether(app)).value;
  return (
    <>
      <Copyable label={text.link} hint={text.linkHint} value={link} testid="share-link" />
      {/* A page without a server has nobody to watch with. */}
      {app.connection.offers('train:start') && (
        <Copyable
          label={text.together}
          hint={text.togetherHint}
          value={together}
          testid="share-together"
        />
      )}
      <Copyable
        label={text.embed}
        hint={app.connection.offers('train:start') ? text.embedHint : t.value.alone.embedding}
        value={embedCode(link)}
        testid="share-embed"
      />
    </>
  );
}

function Copyable({
  label,
  hint,
  value,
  testid,
}: {
  label: string;
  hint: string;
  value: string;
  testid: string;
}) {
  const field = useRef<HTMLInputElement>(null);
  const news = useSignal<News>(null);
  const text = t.value.share;
  async function copy(): Promise<void> {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      news.value = { kind: 'good', text: text.copied };
    } catch {
      // Without HTTPS, or refused: it is selected.
      news.value = { kind: 'bad', text: text.copyYourself };
    }
  }
  return (
    <section class="share-part">
      <label>
        <span class="field-label">{label}</span>
        <span class="row">
          <input
            ref={field}
            type="text"
            readOnly
            value={value}
            data-testid={testid}
            onFocus={(event) => event.currentTarget.select()}
          />
          <button
            type="button"
            class="primary"
            data-testid={`${testid}-copy`}
            onClick={() => void copy()}
          >
            {text.copy}
          </button>
        </span>
      </label>
      <Told news={news.value} hint={hint} testid={`${testid}-news`} />
    </section>
  );
}

/** What happened, or else what it is for; spoken when it changes. */
function Told({ news, hint, testid }: { news: News; hint: string; testid: string }) {
  return (
    <p class={`hint ${news?.kind ?? ''}`} role="status" data-testid={testid}>
      {news?.text ?? hint}
    </p>
  );
}

/** "seed 4, episode 0, 1.7 s" under the policy and what it plans. */
function legendOf({ cast, player, session, settings }: App, lane: LaneId): Legend {
  return () => {
    const track = player.track.peek();
    const seconds = player.position.peek() / (track?.info.controlHz ?? 1);
    const start = { seed: settings.seed.peek(), episode: session.shownEpisode.peek() };
    const text = t.peek().share;
    return [
      `${distinctNameOf(lane, cast)} · Forking Paths`,
      text.moment(start.seed, start.episode, seconds.toFixed(1)),
    ];
  };
}

function PicturesOf() {
  const app = useApp();
  const { cast, view } = app;
  const pictures = view.pictures.value;
  const shown = LANES.filter((lane) => pictures?.viewRect(lane));
  const lane = useSignal<LaneId>(shown[0] ?? LANES[0]);
  const news = useSignal<News>(null);
  const clip = useSignal<Clip | null>(null);
  const text = t.value.share;
  const type = clipType();
  // Closing the sheet ends the recording, and keeps it.
  useEffect(() => () => clip.peek()?.stop(), [clip]);
  const legend = legendOf(app, lane.value);
  const name = `forking-paths-view-${lane.value}`;
  const fail = (error: unknown) => {
    news.value = { kind: 'bad', text: error instanceof Error ? error.message : String(error) };
  };
  if (!pictures || shown.length === 0) return null;

  async function png(from: NonNullable<typeof pictures>): Promise<void> {
    try {
      saveFile(`${name}.png`, await takePicture(from, lane.peek(), legend));
      news.value = { kind: 'good', text: text.saved(`${name}.png`) };
    } catch (error) {
      fail(error);
    }
  }

  async function webm(from: NonNullable<typeof pictures>, kind: string): Promise<void> {
    try {
      clip.value = recordClip(from, lane.peek(), { legend, type: kind });
      news.value = { kind: 'good', text: text.recording(LONGEST_CLIP) };
      saveFile(`${name}.webm`, await clip.value.video);
      news.value = { kind: 'good', text: text.saved(`${name}.webm`) };
    } catch (error) {
      fail(error);
    }
    clip.value = null;
  }

  return (
    <section class="share-part">
      <div class="row share-pictures">
        <SelectField
          label={text.view}
          value={lane.value}
          options={shown.map((each) => ({ value: each, label: distinctNameOf(each, cast) }))}
          disabled={clip.value !== null}
          onChange={(each) => {
            lane.value = each;
          }}
          testid="share-view"
        />
        <button type="button" data-testid="share-png" onClick={() => void png(pictures)}>
          <Icon name="download" size={16} /> PNG
        </button>
        {type !== null && (
          <button
            type="button"
            data-testid="share-webm"
            aria-pressed={clip.value !== null}
            onClick={() => (clip.value ? clip.value.stop() : void webm(pictures, type))}
          >
            <Icon name={clip.value ? 'stop' : 'record'} size={16} />{' '}
            {clip.value ? text.stop : 'WebM'}
          </button>
        )}
      </div>
      <Told
        news={news.value}
        hint={type === null ? text.noWebm : text.pictureHint(LONGEST_CLIP)}
        testid="share-news"
      />
    </section>
  );
}
