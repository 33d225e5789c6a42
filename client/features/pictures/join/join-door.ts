import { door } from '../../../shared/widgets/door.tsx';

/** The table that joins pictures and the robot: fetched after what a first view shows. */
export const Join = door(async () => (await import('./join-section.tsx')).JoinSection, {
  testid: 'join-unopened',
});
