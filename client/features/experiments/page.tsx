import { PageBar } from '../../shared/widgets/page-bar.tsx';
import { t } from '../../texts.ts';
import { ExperimentDetail } from './experiment-detail.tsx';
import { ExperimentList } from './experiment-list.tsx';
import { useHistory } from './history-context.ts';

/** All experiments that the server keeps, and one of them in full. */
export function ExperimentsPage() {
  const { place, connection } = useHistory();
  const open = place.value.name !== null;
  return (
    <div class="experiments-page">
      <PageBar />
      <main class={`experiments ${open ? 'with-open' : ''}`}>
        {connection.status.value === 'lost' && (
          <p class="hint wide" role="status">
            {t.value.connection.offline}
          </p>
        )}
        <ExperimentList />
        <ExperimentDetail />
      </main>
    </div>
  );
}
