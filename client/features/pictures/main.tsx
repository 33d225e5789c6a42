import '../../shared/language-tag.ts';
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { createConnection } from '../../shared/link/connection.ts';
import { openSocket } from '../../shared/link/open-socket.ts';
import { readUrl } from '../../shell/address/read-url.ts';
import { type Language, language, speak } from '../../texts.ts';
import '#colors.css';
import './styles.css';
import { PicturesPage } from './page.tsx';
import { createStudio } from './studio.ts';
import { StudioProvider } from './studio-context.ts';
import { p } from './texts.ts';

const preferred: Language = navigator.language.startsWith('zh') ? 'zh' : 'en';
const { state, ignored } = readUrl(location.hash);
// Not awaited here: see the main page.
void speak(state.language ?? preferred).then(openPictures);

function openPictures(): void {
  /** All else that an address may say is of the page with the robot. */
  const misread = signal(ignored.filter(({ field }) => field === 'lang'));
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en';
    document.title = p.value.documentTitle;
  });

  const root = document.getElementById('root');
  if (!root) throw new Error('pictures/index.html: expected an element with the id "root"');
  render(
    <StudioProvider value={createStudio(createConnection(openSocket()))}>
      <PicturesPage ignored={misread} />
    </StudioProvider>,
    root,
  );
}
