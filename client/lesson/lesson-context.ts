import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { LessonState } from './lesson-state.ts';

const LessonContext = createContext<LessonState | null>(null);
export const LessonProvider = LessonContext.Provider;

/** The lesson, within a component. */
export function useLesson(): LessonState {
  const lesson = useContext(LessonContext);
  if (!lesson) throw new Error('useLesson: expected a LessonProvider above');
  return lesson;
}
