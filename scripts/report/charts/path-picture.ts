import type { TaskScene } from '../../../sim/index.ts';
import { element, type Markup } from '../markup.ts';
import { px } from '../scale.ts';
import { drawing, type Spoken, wayThrough } from './drawing.ts';

type Point = readonly [x: number, y: number];

/** What a picture shows of the table, m. */
export interface Extent {
  readonly x: readonly [near: number, far: number];
  readonly y: readonly [right: number, left: number];
}

/** A rollout from above. */
export interface PathPicture {
  /** The hand, m. */
  readonly path: readonly Point[];
  /** Where the objects lie as it begins, m, in the scene's order. */
  readonly objects: readonly Point[];
  /** Of its colour; null where it took none of the ways. */
  readonly way: number | null;
  readonly success: boolean;
}

const WIDTH = 190;
/** Around what is shown, m. */
const MARGIN = 0.04;
/** px */
const CROSS = 5;

/** What all pictures of a sheet show, so that they can be held against each other. */
export function extentOf(
  pictures: readonly Pick<PathPicture, 'path' | 'objects'>[],
  { obstacles }: TaskScene,
): Extent {
  const points = [
    ...pictures.flatMap(({ path, objects }) => [...path, ...objects]),
    ...obstacles.flatMap(({ x, y, radius }): Point[] => [
      [x - radius, y - radius],
      [x + radius, y + radius],
    ]),
  ];
  const range = (values: number[]) =>
    [Math.min(...values) - MARGIN, Math.max(...values) + MARGIN] as const;
  return { x: range(points.map(([x]) => x)), y: range(points.map(([, y]) => y)) };
}

/** The robot stands below, its left is the picture's left. */
export function pathPicture(
  spoken: Spoken,
  { path, objects, way, success }: PathPicture,
  { x, y }: Extent,
  { obstacles, objects: known }: TaskScene,
): Markup {
  const scale = WIDTH / (y[1] - y[0]);
  const at = ([px0, py0]: Point): [number, number] => [(y[1] - py0) * scale, (x[1] - px0) * scale];
  const disc = (point: Point, radius: number, of: string) => {
    const [cx, cy] = at(point);
    return element('circle', { cx: px(cx), cy: px(cy), r: px(radius), class: of });
  };
  const end = at(path[path.length - 1]);
  const arms: [number, number][][] = [
    [
      [end[0] - CROSS, end[1] - CROSS],
      [end[0] + CROSS, end[1] + CROSS],
    ],
    [
      [end[0] - CROSS, end[1] + CROSS],
      [end[0] + CROSS, end[1] - CROSS],
    ],
  ];
  const of = way === null ? 'nowhere' : `way${way % 4}`;
  return drawing(
    spoken,
    { width: WIDTH, height: Math.round((x[1] - x[0]) * scale) },
    obstacles.map((post) => disc([post.x, post.y], post.radius * scale, 'post')),
    objects.map((point, i) => disc(point, known[i].radius * scale, `ball ball${i % 4}`)),
    element('path', {
      d: wayThrough(path.map(at)),
      class: `path ${of}${success ? '' : ' failed'}`,
    }),
    disc(path[0], 3, 'start'),
    success
      ? disc(path[path.length - 1], 4, `end ${of}`)
      : element('path', { d: arms.map((arm) => wayThrough(arm)).join(''), class: 'cross' }),
  );
}
