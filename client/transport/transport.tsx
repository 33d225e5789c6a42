import { useSignal } from '@preact/signals';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { LIMITS } from '../../server/protocol/limits.ts';
import { t } from '../i18n/index.ts';
import { useApp } from '../state/app.ts';
import { SPEEDS } from '../state/settings.ts';
import { Icon } from '../widgets/icon.tsx';
import { Scrubber } from './scrubber.tsx';

/** Below the stage: what plays, where in the episode, how fast, and whether it is happening now. */
export function Transport() {
  const { player, session, settings } = useApp();
  const text = t.value.transport;
  const playing = player.playing.value;
  const live = player.mode.value === 'live';
  return (
    <div class="transport" role="toolbar" aria-label={text.label}>
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
        <button
          type="button"
          class="round"
          title={playing ? text.pause : text.play}
          aria-label={playing ? text.pause : text.play}
          data-testid="transport-play"
          onClick={() => (playing ? player.pause() : player.play())}
        >
          <Icon name={playing ? 'pause' : 'play'} />
        </button>
        <button
          type="button"
          class="bare"
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
      <button
        type="button"
        class={`live ${live ? 'on' : ''}`}
        title={text.goLive}
        aria-pressed={live}
        data-testid="transport-live"
        onClick={() => player.live()}
      >
        <span class="live-dot" />
        {text.live}
      </button>
      <select
        class="speed"
        aria-label={text.speed}
        title={text.speed}
        data-testid="transport-speed"
        value={String(settings.speed.value)}
        onChange={(event) => {
          settings.speed.value = Number(event.currentTarget.value);
        }}
      >
        {SPEEDS.map((speed) => (
          <option key={speed} value={String(speed)} selected={speed === settings.speed.value}>
            {speed}×
          </option>
        ))}
      </select>
      <StartFields />
    </div>
  );
}

/** Which start one sees; another number shows another. */
function StartFields() {
  const { player, session, settings } = useApp();
  const text = t.value.transport;
  const go = (start: { seed: number; episode: number }) => {
    player.live();
    session.goTo(start);
  };
  return (
    <div class="start-fields">
      <WholeNumber
        label={text.seed}
        value={settings.seed.value}
        max={LIMITS.seed}
        testid="transport-seed"
        onChange={(seed) => go({ seed, episode: 0 })}
      />
      <WholeNumber
        label={text.episode}
        value={player.track.value?.info.episode ?? settings.episode.value}
        max={65_535}
        testid="transport-episode"
        onChange={(episode) => go({ seed: settings.seed.value, episode })}
      />
    </div>
  );
}

function WholeNumber({
  label,
  value,
  max,
  testid,
  onChange,
}: {
  label: string;
  value: number;
  max: number;
  testid: string;
  onChange(value: number): void;
}) {
  const typing = useSignal(false);
  return (
    <label>
      <span>{label}</span>
      <input
        type="number"
        class="tabular"
        min={0}
        max={max}
        step={1}
        // What is being typed must not be replaced when the next episode begins.
        {...(typing.value ? {} : { value })}
        data-testid={testid}
        onFocus={() => {
          typing.value = true;
        }}
        onBlur={(event) => {
          typing.value = false;
          event.currentTarget.value = String(value);
        }}
        onChange={(event) => {
          const wanted = Number(event.currentTarget.value);
          if (Number.isInteger(wanted) && wanted >= 0 && wanted <= max) onChange(wanted);
        }}
      />
    </label>
  );
}
