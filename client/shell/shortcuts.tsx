import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { useApp } from '../app.ts';
import { Icon } from '../shared/widgets/icon.tsx';
import { KeyTable } from '../shared/widgets/key-table.tsx';
import { language, t } from '../texts.ts';
import { SHORTCUTS } from './watch-shortcuts.ts';

/** The sheet of keyboard shortcuts. */
export function Shortcuts() {
  const { view } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    const element = dialog.current;
    if (view.help.value) element?.showModal();
    else if (element?.open) element.close();
  });
  const text = t.value.shortcuts;
  const { keys } = t.value.record;
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby="shortcuts-title"
      data-testid="shortcuts"
      onClose={() => {
        view.help.value = false;
      }}
    >
      <div class="row spread">
        <h2 id="shortcuts-title">{text.title}</h2>
        <button
          type="button"
          class="bare"
          aria-label={t.value.close}
          onClick={() => {
            view.help.value = false;
          }}
        >
          <Icon name="close" />
        </button>
      </div>
      <a
        class="button page-link"
        href={`glossary/?lang=${language.value}`}
        title={t.value.words.linkHint}
        data-testid="to-glossary"
      >
        {t.value.words.link}
      </a>
      <div class="sheet-columns">
        <section>
          <h3>{text.watching}</h3>
          <KeyTable
            rows={[
              ...SHORTCUTS.map(
                ({ keys, name }) => [keys.map(({ label }) => label), text[name]] as const,
              ),
              [['Home', 'End'], t.value.playback.sliderEnds],
            ]}
          />
        </section>
        <section>
          <h3>{text.recording}</h3>
          <KeyTable
            rows={[
              [['←', '↑', '↓', '→', 'WASD'], keys.move],
              [['E', 'Q', 'PgUp', 'PgDn'], keys.height],
              [['␣'], keys.grip],
              [['⇧'], keys.slow],
              [['⏎'], keys.start],
              [['→', 'N'], keys.save],
              [['←', 'R'], keys.redo],
              [['Esc'], keys.discard],
              [['U'], t.value.recorder.undoKey],
            ]}
          />
        </section>
      </div>
    </dialog>
  );
}
