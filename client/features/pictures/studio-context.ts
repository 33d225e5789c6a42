import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Studio } from './studio.ts';

const StudioContext = createContext<Studio | null>(null);
export const StudioProvider = StudioContext.Provider;

/** What paints, within a component. */
export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (!studio) throw new Error('useStudio: expected a StudioProvider above');
  return studio;
}
