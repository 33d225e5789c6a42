import { door } from '../../shared/widgets/door.tsx';

async function load() {
  const [{ RecordOverlay }] = await Promise.all([
    import('./record-overlay.tsx'),
    // What is dragged below it.
    import('../../stage/hand-gizmo.ts'),
  ]);
  return RecordOverlay;
}

/** Over the recorder's view, and what keeps it going. */
export const RecordOverlay = door(load, { testid: 'record-overlay-failed', afloat: true });
