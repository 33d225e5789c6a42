import type { ComponentType, FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../../texts.ts';
import { type OnDemand, onDemand } from '../link/on-demand.ts';
import { ErrorNote } from './error-note.tsx';

/** A part of the page that a first view does not wait for: fetched when it is opened, or ahead of that. */
export type Door<Props> = FunctionComponent<Props> & Pick<OnDemand<unknown>, 'fetch'>;

interface DoorOptions {
  /** Of what is said where it could not be fetched. */
  readonly testid: string;
  /** Nothing is said while it is fetched: it has no room of its own yet. @default false */
  readonly quiet?: boolean;
}

/** @param load an `import()` of the part, called outside of any component: it is fetched once */
export function door<Props extends object = object>(
  load: () => Promise<ComponentType<Props>>,
  { testid, quiet = false }: DoorOptions,
): Door<Props> {
  const { part, error, fetch } = onDemand(load);
  function Door(props: Props) {
    useEffect(() => void fetch(), []);
    const Part = part.value?.value;
    if (Part) return <Part {...props} />;
    if (error.value) return <Unopened cause={error.value.message} retry={fetch} testid={testid} />;
    return quiet ? null : <p class="muted waiting">{t.value.loading}</p>;
  }
  return Object.assign(Door, { fetch });
}

/** In the place of what could not be fetched. */
function Unopened(props: { readonly cause: string; retry(): Promise<void>; testid: string }) {
  const { cause, retry, testid } = props;
  return (
    <div class="stack unopened">
      <ErrorNote message={t.value.unopened(cause)} testid={testid} />
      <button
        type="button"
        class="small"
        data-testid={`${testid}-retry`}
        onClick={() => void retry()}
      >
        {t.value.retry}
      </button>
    </div>
  );
}
