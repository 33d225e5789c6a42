import { door } from '../../shared/widgets/door.tsx';

/** The dataset that is opened, looked at and changed. */
export const LookDoor = door(async () => (await import('./look.tsx')).Look, {
  testid: 'look-failed',
});
