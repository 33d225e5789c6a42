import { Icon } from './icon.tsx';

/** The round button that lets something run, or holds it. */
export function PlayButton({
  playing,
  labels,
  testid,
  size,
  disabled,
  onClick,
}: {
  playing: boolean;
  labels: { readonly play: string; readonly pause: string };
  testid: string;
  /** Of the icon, px. @default the icon's own */
  size?: number;
  disabled?: boolean;
  onClick(): void;
}) {
  const label = playing ? labels.pause : labels.play;
  return (
    <button
      type="button"
      class="round"
      title={label}
      aria-label={label}
      data-testid={testid}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={playing ? 'pause' : 'play'} {...(size !== undefined && { size })} />
    </button>
  );
}
