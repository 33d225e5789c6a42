import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { INVALID, type ModeIndex } from '../../../server/protocol/frames.ts';
import type { NoisePlane } from '../../../server/protocol/index.ts';
import { useApp } from '../../app.ts';
import { modesOf } from '../../shared/tasks/modes.ts';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { useWidth } from '../../shared/widgets/use-width.ts';
import { Term } from '../../shared/words/term.tsx';
import { t } from '../../texts.ts';
import { type NoisePoint, SPAN } from './noise-map.ts';
import { colorOf } from './noised-scene.ts';
import { paintPad, pointAt } from './pad-view.ts';
import { useRoom } from './room.ts';

/** What a key moves the handle by, standard deviations; with shift. */
const STEP = 0.1;
const LEAP = 0.5;

/** The noise of the plan that acts, to be turned by hand. */
export function NoisePad() {
  const { settings } = useApp();
  const room = useRoom();
  const { plane, map, flip, turned, handle, error } = room.turning;
  const text = t.value.denoise.pad;
  const found = plane.value;
  const [home, at] = [found?.home, handle.value];
  const isHome = home !== undefined && at !== null && at[0] === home[0] && at[1] === home[1];
  const mode = turned.value?.mode;
  const complete = map.value.rows > 0;
  return (
    <section class="try" data-testid="noise-pad">
      <h3>
        <Term id="noise">{text.title}</Term>
      </h3>
      <p class="hint">{text.lead}</p>
      <PadCanvas />
      {error.value && <ErrorNote message={error.value.message} testid="noise-error" />}
      {!found && !error.value && <p class="hint">{text.finding}</p>}
      {found && (
        <>
          <p class="row spread small-text">
            <span
              class="tabular"
              role="status"
              data-testid="noise-mode"
              data-mode={mode ?? ''}
              style={{ color: mode === undefined ? undefined : cssOf(settings.task.value, mode) }}
            >
              {isHome
                ? text.atHome
                : mode === undefined
                  ? ''
                  : text.otherWay(wayText(settings.task.value, mode))}
            </span>
            <span class="row">
              <button
                type="button"
                class="small"
                title={text.homeTitle}
                data-testid="noise-home"
                onClick={() => room.home()}
              >
                {text.home}
              </button>
              <button
                type="button"
                class="small"
                title={text.toFlipTitle}
                disabled={flip.value === null}
                data-testid="noise-flip"
                onClick={() => flip.value && room.turn(flip.value.at)}
              >
                {text.toFlip}
              </button>
            </span>
          </p>
          {flip.value && <p class="small-text">{text.flip}</p>}
          {!flip.value && complete && <p class="hint">{text.noFlip}</p>}
          <p class="hint">
            {acrossText(settings.task.value, found)} {text.down}
          </p>
        </>
      )}
    </section>
  );
}

function PadCanvas() {
  const { settings } = useApp();
  const room = useRoom();
  const { plane, map, flip, turned, handle } = room.turning;
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useWidth(canvas);
  const text = t.value.denoise.pad;

  useSignalEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    const side = Math.round(size.value * Math.max(1, devicePixelRatio));
    const mode = turned.value?.mode;
    const picture = {
      task: settings.task.value,
      map: map.value,
      home: plane.value?.home ?? null,
      handle: handle.value,
      flip: flip.value?.at ?? null,
      color: mode === undefined ? null : colorOf(settings.task.value, mode),
    };
    if (!element || !context || side === 0) return;
    if (element.width !== side) element.width = element.height = side;
    paintPad(context, side, picture);
  });

  function turnTo(event: PointerEvent): void {
    const box = canvas.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    room.turn(
      pointAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height),
    );
  }

  function onKey(event: KeyboardEvent): void {
    const at = handle.value;
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = event.shiftKey ? LEAP : STEP;
    const moves: Readonly<Record<string, NoisePoint>> = {
      ArrowLeft: [by, 0],
      ArrowRight: [-by, 0],
      ArrowUp: [0, by],
      ArrowDown: [0, -by],
    };
    const move = moves[event.key];
    if (move) room.turn([at[0] + move[0], at[1] + move[1]]);
    else if (event.key === 'Home') room.home();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const [u, v] = handle.value ?? [0, 0];
  const mode = turned.value?.mode;
  const way = mode === undefined ? text.atHome : wayText(settings.task.value, mode);
  return (
    <div
      class="noise-field"
      role="slider"
      tabIndex={0}
      aria-label={text.label}
      aria-disabled={handle.value === null}
      aria-valuemin={-SPAN}
      aria-valuemax={SPAN}
      aria-valuenow={Number(u.toFixed(2))}
      aria-valuetext={text.value(u.toFixed(2), v.toFixed(2), way)}
      data-testid="noise-pad-field"
      onKeyDown={onKey}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        turnTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) turnTo(event);
      }}
    >
      <canvas ref={canvas} />
    </div>
  );
}

function wayText(task: string, mode: ModeIndex): string {
  const split = t.value.stage.split;
  return modesOf(task)[mode]?.text ?? (mode === INVALID ? split.invalid : split.none);
}

function cssOf(task: string, mode: ModeIndex): string {
  return modesOf(task)[mode]?.colour ?? `var(--${mode === INVALID ? 'invalid' : 'text-soft'})`;
}

/** What the first direction stands for. */
function acrossText(task: string, { parts, counts }: NoisePlane): string {
  const text = t.value.denoise.pad;
  if (parts) return text.across(wayText(task, parts[0]), wayText(task, parts[1]));
  const passing = counts.filter(({ mode }) => mode >= 0).sort((a, b) => b.count - a.count);
  return passing[0] ? text.acrossSame(wayText(task, passing[0].mode)) : text.acrossNone;
}
