import { type Signal, useSignal } from '@preact/signals';
import { useApp } from '../../../app.ts';
import { SpeedSelect } from '../../../shared/lanes/speed-select.tsx';
import { Icon } from '../../../shared/widgets/icon.tsx';
import { PlayButton } from '../../../shared/widgets/play-button.tsx';
import {
  NumberNote,
  type NumberProblem,
  useWholeNumber,
} from '../../../shared/widgets/whole-number.tsx';
import { LARGEST } from '../../../shell/address/bounds.ts';
import { t } from '../../../texts.ts';
import { toggleCurves } from '../curves/toggle.ts';
import { Scrubber } from './scrubber.tsx';

/** Below the stage: what plays, where in the episode, how fast, and whether it is happening now. */
export function Transport() {
  const { player, session, settings, view } = useApp();
  const text = t.value.transport;
  const playing = player.playing.value;
  const problems = { seed: useProblem(), episode: useProblem() };
  return (
    <div
      class={`transport ${session.live.value ? '' : 'past'}`}
      role="toolbar"
      aria-label={text.label}
    >
      <div class="transport-buttons">
        <button
          type="button"
          class="bare"
          title={text.again}
          aria-label={text.again}
          data-testid="transport-again"
          onClick={() => player.again()}
        >
          <Icon name="again" />
        </button>
        <PlayButton
          playing={playing}
          labels={text}
          testid="transport-play"
          onClick={() => (playing ? player.pause() : player.play())}
        />
        {/* Nobody moves on a stage that others watch. */}
        <button
          type="button"
          class="bare"
          disabled={settings.together.value}
          title={text.next}
          aria-label={text.next}
          data-testid="transport-next"
          onClick={() => {
            player.live();
            session.next();
          }}
        >
          <Icon name="next" />
        </button>
      </div>
      <Scrubber />
      <LiveButton />
      {settings.together.value && (
        <button
          type="button"
          class="live on"
          title={text.leaveTogether}
          data-testid="transport-together"
          onClick={() => {
            settings.together.value = false;
          }}
        >
          {text.together}
        </button>
      )}
      <SpeedSelect settings={settings} testid="transport-speed" />
      <button
        type="button"
        class="bare"
        title={`${t.value.curves.title} (V)`}
        aria-label={t.value.curves.title}
        aria-pressed={view.curves.value !== null}
        data-testid="curves-open"
        onClick={() => toggleCurves(view)}
      >
        <Icon name="train" />
      </button>
      <button
        type="button"
        class="bare share"
        title={`${t.value.share.title} (S)`}
        aria-label={t.value.share.title}
        aria-haspopup="dialog"
        data-testid="share-open"
        onClick={() => {
          view.sharing.value = true;
        }}
      >
        <Icon name="share" />
      </button>
      <StartFields problems={problems} />
      {START_FIELDS.map((name) => (
        <NumberNote
          key={name}
          id={noteOf(name)}
          of={problems[name].value}
          field={text[name]}
          testid={`transport-${name}-problem`}
        />
      ))}
    </div>
  );
}

/**
 * Lit while the newest moment is shown and playback runs; else it says what is shown instead, and
 * pressing it returns there.
 */
function LiveButton() {
  const { player, session } = useApp();
  const live = session.live.value;
  const text = t.value.playback;
  const title = live ? text.nowLive : `${t.value.transport.goLive} (L)`;
  const instead = player.playing.value ? text.replay : text.paused;
  return (
    <button
      type="button"
      class={`live ${live ? 'on' : ''}`}
      title={title}
      aria-pressed={live}
      data-testid="transport-live"
      onClick={() => player.live()}
    >
      {live ? (
        <span class="live-dot" />
      ) : (
        <>
          <span class="live-instead" data-testid="transport-instead">
            {player.mode.value === 'live' && player.playing.value ? text.waits : instead}
          </span>
          <span aria-hidden="true">→</span>
        </>
      )}
      {t.value.transport.live}
    </button>
  );
}

const START_FIELDS = ['seed', 'episode'] as const;
type StartName = (typeof START_FIELDS)[number];
type Problems = Readonly<Record<StartName, Signal<NumberProblem | null>>>;

const noteOf = (name: StartName) => `transport-${name}-note`;

function useProblem(): Signal<NumberProblem | null> {
  return useSignal<NumberProblem | null>(null);
}

/** Which start one sees; another number shows another. */
function StartFields({ problems }: { problems: Problems }) {
  const { player, session, settings } = useApp();
  const go = (start: { seed: number; episode: number }) => {
    player.live();
    session.goTo(start);
  };
  return (
    <div class="start-fields">
      <StartField
        name="seed"
        value={settings.seed.value}
        problem={problems.seed}
        onChange={(seed) => go({ seed, episode: 0 })}
      />
      <StartField
        name="episode"
        value={session.shownEpisode.value}
        problem={problems.episode}
        onChange={(episode) => go({ seed: settings.seed.value, episode })}
      />
    </div>
  );
}

function StartField({
  name,
  value,
  problem,
  onChange,
}: {
  name: StartName;
  value: number;
  problem: Signal<NumberProblem | null>;
  onChange(value: number): void;
}) {
  const input = useWholeNumber({
    value,
    min: 0,
    max: LARGEST[name],
    when: 'change',
    problem,
    take: (number) => {
      if (number !== null) onChange(number);
    },
  });
  return (
    <label>
      <span>{t.value.transport[name]}</span>
      <input
        {...input}
        class="tabular"
        aria-describedby={problem.value ? noteOf(name) : undefined}
        data-testid={`transport-${name}`}
      />
    </label>
  );
}
