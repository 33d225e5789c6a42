import { door } from '../../../shared/widgets/door.tsx';

/** Whether what is shown is the rollout that a report's link names. */
export const RecordedNote = door(async () => (await import('./recorded-note.tsx')).RecordedNote, {
  testid: 'recorded-failed',
  afloat: true,
});
