import { Icon } from '../../shared/widgets/icon.tsx';
import { LanguageSwitch } from '../../shared/widgets/language-switch.tsx';
import { Logo } from '../../shared/widgets/logo.tsx';
import { language, t } from '../../texts.ts';
import { ExperimentDetail } from './experiment-detail.tsx';
import { ExperimentList } from './experiment-list.tsx';
import { useHistory } from './history-context.ts';

/** All experiments that the server keeps, and one of them in full. */
export function ExperimentsPage() {
  const { place, connection } = useHistory();
  const open = place.value.name !== null;
  return (
    <div class="experiments-page">
      <header class="top-bar">
        <div class="brand">
          <Logo />
          <h1>Forking Paths</h1>
        </div>
        <div class="top-tools">
          <a class="button page-link" href={`../#lang=${language.value}`} data-testid="to-stage">
            <Icon name="back" size={16} />
            {t.value.pages.stage}
          </a>
          <LanguageSwitch />
        </div>
      </header>
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
