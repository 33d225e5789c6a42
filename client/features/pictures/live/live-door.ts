import { door } from '../../../shared/widgets/door.tsx';

/** The training in the page: fetched after what a first view shows. */
export const Live = door(async () => (await import('./live-section.tsx')).LiveSection, {
  testid: 'live-unopened',
});
