import { useApp } from '../../app.ts';
import { t } from '../../texts.ts';
import type { Move } from './clutch.ts';

/** A key, and what stands on it for a finger where that says little. */
const KEYS: readonly { readonly move: Move; readonly face: string; readonly touch?: string }[] = [
  { move: 'away', face: '↑' },
  { move: 'left', face: '←' },
  { move: 'near', face: '↓' },
  { move: 'right', face: '→' },
  { move: 'up', face: 'E', touch: '⤒' },
  { move: 'down', face: 'Q', touch: '⤓' },
];

/** The keys as they lie: says which there are, and works with a finger where there are none. */
export function RecordPad() {
  const { recording } = useApp();
  const text = t.value.record.pad;
  const closing = recording.view.value?.closing ?? false;
  const clutch = () => recording.take()?.clutch;
  return (
    <div class="pad">
      {KEYS.map(({ move, face, touch = face }) => (
        <button
          key={move}
          type="button"
          class={`pad-key ${move}`}
          tabIndex={-1}
          title={text[move]}
          aria-label={text[move]}
          data-testid={`record-pad-${move}`}
          onPointerDown={(event) => {
            event.preventDefault();
            event.currentTarget.setPointerCapture(event.pointerId);
            const at = event.timeStamp / 1000;
            clutch()?.press(move, at);
            recording.tick(at);
          }}
          onPointerUp={(event) => clutch()?.release(move, event.timeStamp / 1000)}
          onPointerCancel={(event) => clutch()?.release(move, event.timeStamp / 1000)}
        >
          <span class="by-key">{face}</span>
          <span class="by-touch">{touch}</span>
        </button>
      ))}
      <button
        type="button"
        class="pad-key grip"
        tabIndex={-1}
        aria-pressed={closing}
        data-testid="record-pad-grip"
        onPointerDown={(event) => {
          event.preventDefault();
          if (recording.phase.value !== 'done') recording.take()?.toggleGripper();
        }}
      >
        {text.grip} <kbd>␣</kbd>
      </button>
    </div>
  );
}
