import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { useApp } from '../../app.ts';
import { SpeedSelect } from '../../shared/lanes/speed-select.tsx';
import { Icon } from '../../shared/widgets/icon.tsx';
import { PlayButton } from '../../shared/widgets/play-button.tsx';
import { t } from '../../texts.ts';

/** Below the stage while it shows demonstrations: which one, where in it, and the way back. */
export function DemoTransport() {
  const { settings, viewer } = useApp();
  const text = t.value.look;
  const playback = viewer.playback.value;
  const playing = playback?.playing.value ?? false;
  return (
    <div class="transport demo-transport" role="toolbar" aria-label={text.transport}>
      <div class="transport-buttons">
        <button
          type="button"
          class="bare mirrored"
          title={text.before}
          aria-label={text.before}
          data-testid="demo-before"
          onClick={() => viewer.step(-1)}
        >
          <Icon name="next" />
        </button>
        <PlayButton
          playing={playing}
          labels={t.value.transport}
          testid="demo-play"
          disabled={!playback}
          onClick={() => playback?.toggle()}
        />
        <button
          type="button"
          class="bare"
          title={text.after}
          aria-label={text.after}
          data-testid="demo-after"
          onClick={() => viewer.step(1)}
        >
          <Icon name="next" />
        </button>
      </div>
      <DemoTime />
      <SpeedSelect settings={settings} />
      <button type="button" data-testid="demo-leave" onClick={() => viewer.leave()}>
        <Icon name="back" size={16} /> {text.leave}
      </button>
    </div>
  );
}

function DemoTime() {
  const { viewer } = useApp();
  const slider = useRef<HTMLInputElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  const playback = viewer.playback.value;
  const hz = playback?.view.controlHz ?? 20;
  // At 60 Hz: past the components, straight to the elements.
  useSignalEffect(() => {
    const shown = viewer.playback.value;
    const step = shown?.position.value ?? 0;
    const seconds = (step / (shown?.view.controlHz ?? 20)).toFixed(1);
    if (slider.current) slider.current.value = String(Math.round(step));
    if (clock.current && clock.current.textContent !== seconds) clock.current.textContent = seconds;
  });
  return (
    <div class="scrub">
      <input
        ref={slider}
        type="range"
        min="0"
        max={playback?.last ?? 0}
        disabled={!playback}
        aria-label={t.value.transport.time}
        aria-valuetext={t.value.look.seconds(
          ((playback?.position.peek() ?? 0) / hz).toFixed(1),
          ((playback?.last ?? 0) / hz).toFixed(1),
        )}
        data-testid="demo-time"
        onInput={(event) => playback?.seek(Number(event.currentTarget.value))}
      />
      <span class="scrub-time tabular">
        <span ref={clock} data-testid="demo-clock">
          0.0
        </span>{' '}
        s
      </span>
    </div>
  );
}
