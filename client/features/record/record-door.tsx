import { OnDemand } from '../../shared/widgets/on-demand.tsx';

const loadPanel = () => import('./record-panel.tsx');
const loadOverlay = () => import('./record-overlay.tsx');

/** Beside the recorder; loaded when somebody records. */
export function RecordPanel() {
  return <OnDemand load={loadPanel} testid="record-panel-failed" />;
}

/** Over the recorder's view, and what keeps it going. */
export function RecordOverlay() {
  return <OnDemand load={loadOverlay} testid="record-overlay-failed" />;
}
