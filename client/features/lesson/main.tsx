import '../../shared/language-tag.ts';
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { createConnection } from '../../shared/link/connection.ts';
import { openSocket } from '../../shared/link/open-socket.ts';
import { readUrl } from '../../shell/address/read-url.ts';
import { type Language, language, speak } from '../../texts.ts';
import '#colors.css';
import './styles.css';
import { createLabState } from './lab-state.ts';
import { LabProvider, LessonProvider } from './lesson-context.ts';
import { createLessonState } from './lesson-state.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { LessonPage } from './page.tsx';
import { lessonText, speakLesson } from './texts.ts';

const preferred: Language = navigator.language.startsWith('zh') ? 'zh' : 'en';
const { state, ignored } = readUrl(location.hash);
// Not awaited here: see the main page.
void speak(state.language ?? preferred)
  .then(() => speakLesson(language.peek()))
  .then(openLesson);

function openLesson(): void {
  /** All else that an address may say is of the page with the robot. */
  const misread = signal(ignored.filter(({ field }) => field === 'lang'));
  effect(() => void speakLesson(language.value));
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en';
    document.title = lessonText.value.documentTitle;
  });

  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const lesson = createLessonState((message: ToWorker) => worker.postMessage(message));
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => lesson.hear(data));
  worker.addEventListener('error', ({ message }) => lesson.hear({ kind: 'failed', message }));

  const lab = createLabState(createConnection(openSocket()));

  const root = document.getElementById('root');
  if (!root) throw new Error('lesson/index.html: expected an element with the id "root"');
  render(
    <LessonProvider value={lesson}>
      <LabProvider value={lab}>
        <LessonPage ignored={misread} />
      </LabProvider>
    </LessonProvider>,
    root,
  );
}
