import { ActionError } from '../../shared/widgets/error-note.tsx';
import { useHistory } from './history-context.ts';

/** What went wrong with what was asked last. */
export function HistoryErrors() {
  const { refresh, goOn, rename, trash, undo, jobs } = useHistory();
  const actions = { refresh, goOn, rename, trash, undo, stop: jobs.stop };
  return (
    <>
      {Object.entries(actions).map(([name, action]) => (
        <ActionError key={name} of={action} testid={`experiments-${name}-error`} />
      ))}
    </>
  );
}
