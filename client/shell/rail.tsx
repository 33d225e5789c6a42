import type { Signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useRef } from 'preact/hooks';
import type { Door } from '../shared/widgets/door.tsx';
import { Icon, type IconName } from '../shared/widgets/icon.tsx';
import { t } from '../texts.ts';
import { ariaKey, type Key } from './watch-shortcuts.ts';

/** What is not there yet is fetched when a pointer or the focus comes to its tab. */
type Panel = ComponentType & Partial<Pick<Door<object>, 'fetch'>>;

interface RailProps<T extends IconName> {
  side: 'left' | 'right';
  tabs: readonly T[];
  open: Signal<T | null>;
  panels: Readonly<Record<T, Panel>>;
  titles: Readonly<Record<T, string>>;
  /** The key that opens a tab, where there is one. */
  keyOf?(tab: T): Key;
  /** @default nothing is open any more */
  onClose?(): void;
}

/** A column of tabs at the edge of the page, and beside it the panel of the one that is open. */
export function Rail<T extends IconName>({
  side,
  tabs,
  open,
  panels,
  titles,
  keyOf,
  onClose = () => {
    open.value = null;
  },
}: RailProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const current = open.value;
  const Panel: ComponentType | null = current ? panels[current] : null;

  function step(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowRight: 1,
      ArrowUp: -1,
      ArrowLeft: -1,
    };
    const by = moves[event.key];
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button.contains(document.activeElement));
    if (by === undefined || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (at + by + buttons.length) % buttons.length;
    buttons[next].focus();
    if (open.value) open.value = tabs[next];
  }

  return (
    <aside class={`rail ${side} ${current ? 'open' : ''}`} aria-label={t.value.tabs[side]}>
      <div
        class="rail-tabs"
        role="tablist"
        aria-orientation="vertical"
        aria-label={t.value.tabs[side]}
        ref={list}
        onKeyDown={step}
      >
        {tabs.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${tab}`}
            aria-selected={tab === current}
            aria-controls={`panel-${side}`}
            tabIndex={tab === (current ?? tabs[0]) ? 0 : -1}
            aria-keyshortcuts={keyOf && ariaKey(keyOf(tab))}
            data-testid={`tab-${tab}`}
            onPointerEnter={() => void panels[tab].fetch?.()}
            onFocus={() => void panels[tab].fetch?.()}
            onClick={() => {
              open.value = tab === open.value ? null : tab;
            }}
          >
            <Icon name={tab} size={22} />
            <span>{titles[tab]}</span>
            {keyOf && (
              <span class="rail-key" aria-hidden="true">
                {keyOf(tab).label}
              </span>
            )}
          </button>
        ))}
      </div>
      {current && Panel && (
        <div
          class="rail-panel"
          role="tabpanel"
          id={`panel-${side}`}
          aria-labelledby={`tab-${current}`}
          data-testid={`panel-${current}`}
        >
          <button
            type="button"
            class="bare panel-close"
            title={t.value.close}
            aria-label={t.value.close}
            data-testid={`panel-${side}-close`}
            onClick={onClose}
          >
            <Icon name="close" size={18} />
          </button>
          <Panel />
        </div>
      )}
    </aside>
  );
}
