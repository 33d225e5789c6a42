import { useApp } from '../app.ts';
import { Invitations } from '../features/watch/invitations.tsx';
import { answersOf } from '../shared/tasks/stage-tasks.ts';
import { LanguageSwitch } from '../shared/widgets/language-switch.tsx';
import { Logo } from '../shared/widgets/logo.tsx';
import { language, t } from '../texts.ts';
import { CAMERAS } from './address/url.ts';
import { Banner } from './banner.tsx';
import { TaskSwitch } from './task-switch.tsx';

export function TopBar() {
  const { connection, settings, view } = useApp();
  const text = t.value;
  const status = connection.status.value;
  const told = connection.offers('train:start') ? text.connection[status] : text.alone.status;
  return (
    <header class="top-bar">
      <div class="brand">
        <Logo />
        <div>
          <h1>Forking Paths</h1>
          <p class="tagline">{text.tagline(answersOf(settings.task.value))}</p>
        </div>
      </div>
      {!view.recording.value && <TaskSwitch />}
      <Banner>{!view.recording.value && <Invitations />}</Banner>
      <div class="top-tools">
        <fieldset class="segments">
          <legend class="visually-hidden">{text.stage.camera}</legend>
          {CAMERAS.map((camera) => (
            <button
              key={camera}
              type="button"
              aria-pressed={view.camera.value === camera}
              data-testid={`camera-${camera}`}
              onClick={() => {
                view.camera.value = camera;
              }}
            >
              {text.stage.cameras[camera]}
            </button>
          ))}
        </fieldset>
        <a
          class="button page-link"
          href={`lesson/#lang=${language.value}`}
          title={text.pages.lessonHint}
          data-testid="to-lesson"
        >
          {text.pages.lesson}
        </a>
        <a
          class="button page-link to-pictures"
          href={`pictures/#lang=${language.value}`}
          title={text.pictures.linkHint}
          data-testid="to-pictures"
        >
          {text.pictures.link}
        </a>
        <LanguageSwitch />
        <button
          type="button"
          class="bare help"
          title={`${text.help} (?)`}
          aria-label={text.help}
          data-testid="help"
          onClick={() => {
            view.help.value = true;
          }}
        >
          ?
        </button>
        <span
          class={`connection ${status}`}
          title={told}
          role="img"
          aria-label={told}
          data-testid="connection"
          data-status={status}
        />
      </div>
    </header>
  );
}
