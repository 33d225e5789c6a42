import type { ComponentChildren } from 'preact';

/** A button that says which key does the same. */
export function KeyButton({
  keys,
  testid,
  primary = false,
  disabled = false,
  onClick,
  children,
}: {
  keys: string;
  testid: string;
  primary?: boolean;
  disabled?: boolean;
  onClick(): void;
  children: ComponentChildren;
}) {
  return (
    <button
      type="button"
      class={primary ? 'primary' : ''}
      disabled={disabled}
      data-testid={testid}
      onClick={(event) => {
        onClick();
        // After a click the keys belong to the hand again, not to the button.
        if (event.detail > 0) event.currentTarget.blur();
      }}
    >
      {children}
      <kbd>{keys}</kbd>
    </button>
  );
}
