import type { ComponentType, FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../../texts.ts';
import { createAction } from '../link/action.ts';
import { type OnDemand, onDemand } from '../link/on-demand.ts';
import { ActionError, ErrorNote } from './error-note.tsx';
import { Icon } from './icon.tsx';

/** A part of the page that a first view does not wait for: fetched when it is opened, or ahead of that. */
export type Door<Props> = FunctionComponent<Props> & Pick<OnDemand<unknown>, 'fetch' | 'error'>;

interface DoorOptions<Props> {
  /** Of what is said where it could not be fetched. */
  readonly testid: string;
  /**
   * It has no room of its own until it is there: nothing is said while it is fetched, and what went wrong
   * over the page. @default false
   */
  readonly afloat?: boolean;
  /** Closes what could not be fetched, where nothing else on the page does. */
  close?(props: Props): void;
}

/** @param load an `import()` of the part, called outside of any component: it is fetched once */
export function door<Props extends object = object>(
  load: () => Promise<ComponentType<Props>>,
  { testid, afloat = false, close }: DoorOptions<Props>,
): Door<Props> {
  const { part, error, fetch } = onDemand(load);
  function Door(props: Props) {
    useEffect(() => void fetch(), []);
    const Part = part.value?.value;
    if (Part) return <Part {...props} />;
    if (!error.value) return afloat ? null : <p class="muted waiting">{t.value.loading}</p>;
    const shut = close && (() => close(props));
    return <Unopened cause={error.value.message} {...{ testid, afloat, close: shut }} />;
  }
  return Object.assign(Door, { fetch, error });
}

/** Not where nothing answers: there would be no page at all. */
const reload = createAction(async () => {
  await globalThis.fetch(location.href, { method: 'HEAD', cache: 'no-store' });
  location.reload();
});

interface UnopenedProps {
  readonly cause: string;
  readonly testid: string;
  readonly afloat: boolean;
  readonly close: (() => void) | undefined;
}

/**
 * In the place of what could not be fetched. A browser remembers that a module could not be had for as
 * long as the page lives, so that only another page can try again: the address brings it to where this
 * one is.
 */
function Unopened({ cause, testid, afloat, close }: UnopenedProps) {
  return (
    <div class={`unopened ${afloat ? 'afloat' : ''}`}>
      <ErrorNote message={t.value.unopened(cause)} testid={testid} />
      <div class="row">
        <button
          type="button"
          data-testid={`${testid}-reload`}
          disabled={reload.busy.value}
          onClick={() => void reload.run()}
        >
          {t.value.reload}
        </button>
        {close && (
          <button type="button" data-testid={`${testid}-close`} onClick={close}>
            <Icon name="close" size={16} /> {t.value.close}
          </button>
        )}
      </div>
      <ActionError of={reload} testid={`${testid}-again`} />
    </div>
  );
}
