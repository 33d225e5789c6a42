import { t } from '../../texts.ts';
import { type Settings, SPEEDS } from './settings.ts';

/** Simulated seconds a second. */
export function SpeedSelect({ settings, testid }: { settings: Settings; testid?: string }) {
  const text = t.value.transport;
  return (
    <select
      class="speed"
      aria-label={text.speed}
      title={text.speed}
      data-testid={testid}
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
  );
}
