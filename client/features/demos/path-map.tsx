import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { findTask } from '../../../sim/tasks/index.ts';
import { useApp } from '../../app.ts';
import {
  cssColor,
  PATH_COLORS,
  SUCCESS_COLOR,
  TEXT_COLORS,
  thinColor,
} from '../../shared/colors.ts';
import { modeOf } from '../../shared/tasks/modes.ts';
import {
  boundsOfPaths,
  nearestPath,
  type Projection,
  projectionOf,
} from '../../shared/tasks/table-map.ts';
import { useWidth } from '../../shared/widgets/use-width.ts';
import { t } from '../../texts.ts';
import type { Viewer } from './viewer.ts';

/** CSS px from a path at which it is meant. */
const REACH = 10;

/**
 * All paths of a dataset from above, in the colours of their modes: the one under the pointer stands
 * out, a click plays it, and the arrow keys go through those that pass the filter.
 */
export function PathMap() {
  const { viewer } = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  const projection = useRef<Projection | null>(null);
  const width = useWidth(canvas);
  const text = t.value.look;
  useSignalEffect(() => {
    if (canvas.current && width.value > 0) {
      projection.current = draw(canvas.current, viewer, width.value);
    }
  });

  function pick({ clientX, clientY }: PointerEvent | MouseEvent): number | null {
    const box = canvas.current?.getBoundingClientRect();
    const overview = viewer.overview.peek();
    if (!box || !overview || !projection.current) return null;
    const shown = viewer.listed.peek().flatMap(({ index }) => {
      const path = overview.paths.get(index);
      return path ? [[index, path] as const] : [];
    });
    const { left, top } = box;
    return nearestPath(shown, projection.current, clientX - left, clientY - top, REACH);
  }

  const listed = viewer.listed.value;
  const selected = viewer.selected.value;
  const place = listed.findIndex(({ index }) => index === selected);
  return (
    <div
      class="path-map"
      // Of the paths one is chosen, by the keys of a slider.
      role="slider"
      tabIndex={0}
      aria-label={text.map(listed.length)}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, listed.length - 1)}
      aria-valuenow={Math.max(0, place)}
      aria-valuetext={selected === null ? text.none : text.episode(selected)}
      data-testid="path-map"
      onKeyDown={(event) => {
        const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (by !== 1 && by !== -1) return;
        // The page's own arrow keys move the time.
        event.preventDefault();
        viewer.step(by);
      }}
    >
      <canvas
        ref={canvas}
        onPointerMove={(event) => {
          viewer.hovered.value = pick(event);
        }}
        onPointerLeave={() => {
          viewer.hovered.value = null;
        }}
        onClick={(event) => {
          const episode = pick(event);
          if (episode !== null) viewer.select(episode);
        }}
      />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, viewer: Viewer, width: number): Projection | null {
  const overview = viewer.overview.value;
  const dataset = viewer.dataset.value;
  const listed = viewer.listed.value;
  const hovered = viewer.hovered.value;
  const selected = viewer.selected.value;
  const context = canvas.getContext('2d');
  if (!overview || !dataset || !context) return null;
  const { scene } = findTask(dataset.task);
  const projection = projectionOf(boundsOfPaths(overview.paths.values(), scene.obstacles), width);
  const ratio = devicePixelRatio;
  canvas.style.height = `${projection.height}px`;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(projection.height * ratio);
  context.scale(ratio, ratio);
  context.lineJoin = 'round';
  const { at } = projection;
  const dot = (x: number, y: number, radius: number, colour: string) => {
    const [left, top] = at(x, y);
    context.fillStyle = colour;
    context.beginPath();
    context.arc(left, top, radius, 0, 2 * Math.PI);
    context.fill();
  };
  const scale = at(0, 0)[0] - at(0, 1)[0];
  for (const { x, y, radius } of scene.obstacles) {
    dot(x, y, radius * scale, thinColor(TEXT_COLORS['text-faint'], 0.55));
  }
  const line = (episode: number, mode: string | null, thickness: number, opacity: number) => {
    const path = overview.paths.get(episode);
    if (!path) return;
    context.globalAlpha = opacity;
    context.strokeStyle = modeOf(dataset.task, mode)?.colour ?? cssColor(PATH_COLORS.undecided);
    context.lineWidth = thickness;
    context.beginPath();
    for (let i = 0; i < path.tcp.length; i += 3)
      context.lineTo(...at(path.tcp[i], path.tcp[i + 1]));
    context.stroke();
    for (let i = 0; i < path.starts.length; i += 2) {
      const colour = cssColor(scene.objects[i / 2]?.colour ?? SUCCESS_COLOR);
      dot(path.starts[i], path.starts[i + 1], thickness > 2 ? 4 : 1.6, colour);
    }
    context.globalAlpha = 1;
  };
  const outstanding = (index: number) => index === hovered || index === selected;
  const opacity = selected === null ? Math.max(0.18, Math.min(0.7, 20 / listed.length)) : 0.16;
  for (const { index, mode } of listed) if (!outstanding(index)) line(index, mode, 1.2, opacity);
  for (const { index, mode } of listed) if (outstanding(index)) line(index, mode, 3, 1);
  return projection;
}
