import { door } from '../../../shared/widgets/door.tsx';

/** Under the views: the numbers of one of them over time. */
export const CurvesPanel = door(async () => (await import('./curves-panel.tsx')).CurvesPanel, {
  testid: 'curves-failed',
  afloat: true,
});
