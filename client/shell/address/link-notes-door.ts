import { door } from '../../shared/widgets/door.tsx';

/** What an address said and was not believed: most say nothing wrong. */
export const LinkNotes = door(async () => (await import('./link-notes.tsx')).LinkNotes, {
  testid: 'link-notes-failed',
  afloat: true,
});
