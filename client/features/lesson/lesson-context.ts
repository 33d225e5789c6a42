import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { LabState } from './lab-state.ts';
import type { LessonState } from './lesson-state.ts';

const LessonContext = createContext<LessonState | null>(null);
export const LessonProvider = LessonContext.Provider;

/** The lesson, within a component. */
export function useLesson(): LessonState {
  const lesson = useContext(LessonContext);
  if (!lesson) throw new Error('useLesson: expected a LessonProvider above');
  return lesson;
}

const LabContext = createContext<LabState | null>(null);
export const LabProvider = LabContext.Provider;

/** What the server has to show, within a component. */
export function useLab(): LabState {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('useLab: expected a LabProvider above');
  return lab;
}
