import '../../shared/language-tag.ts';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { createConnection } from '../../shared/link/connection.ts';
import { openSocket } from '../../shared/link/open-socket.ts';
import { readUrl } from '../../shell/address/read-url.ts';
import { type Language, language, speak } from '../../texts.ts';
import '#colors.css';
import './styles.css';
import { createHistory } from './history.ts';
import { HistoryProvider } from './history-context.ts';
import { ExperimentsPage } from './page.tsx';
import { hashOf, readPlace } from './place.ts';
import { x } from './texts.ts';

const preferred: Language = navigator.language.startsWith('zh') ? 'zh' : 'en';
// Not awaited here: see the main page.
void speak(readUrl(location.hash).state.language ?? preferred).then(openExperiments);

function openExperiments(): void {
  const history = createHistory(createConnection(openSocket()), readPlace(location.hash));
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en';
    document.title = x.value.documentTitle;
  });
  effect(() => {
    const hash = hashOf(history.place.value, language.value);
    if (hash !== location.hash) window.history.replaceState(null, '', hash);
  });
  addEventListener('hashchange', () => {
    history.place.value = readPlace(location.hash);
  });

  const root = document.getElementById('root');
  if (!root) throw new Error('experiments/index.html: expected an element with the id "root"');
  render(
    <HistoryProvider value={history}>
      <ExperimentsPage />
    </HistoryProvider>,
    root,
  );
}
