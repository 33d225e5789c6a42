import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { History } from './history.ts';

const HistoryContext = createContext<History | null>(null);
export const HistoryProvider = HistoryContext.Provider;

/** What the page knows of experiments, within a component. */
export function useHistory(): History {
  const history = useContext(HistoryContext);
  if (!history) throw new Error('useHistory: expected a HistoryProvider above');
  return history;
}
