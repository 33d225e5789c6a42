/**
 * Shapes as signed distances: negative inside, by arithmetic and `sqrt` alone, so that every machine
 * draws the same bits. Each says where it ends at most, so that no more is painted.
 *
 * @see Quilez, "2D distance functions"
 */

/** Left, top, right, bottom. */
export type Box = readonly [number, number, number, number];

export interface Shape {
  readonly box: Box;
  readonly distance: (x: number, y: number) => number;
}

/** An axis-aligned ellipse; the distance is right at the edge and to first order beside it. */
export function ellipse(cx: number, cy: number, a: number, b: number): Shape {
  return {
    box: [cx - a, cy - b, cx + a, cy + b],
    distance: (x, y) => {
      const px = (x - cx) / a;
      const py = (y - cy) / b;
      const k = Math.sqrt(px * px + py * py);
      const qx = px / a;
      const qy = py / b;
      const slope = Math.sqrt(qx * qx + qy * qy);
      return slope === 0 ? -Math.min(a, b) : (k * (k - 1)) / slope;
    },
  };
}

export function circle(cx: number, cy: number, r: number): Shape {
  return {
    box: [cx - r, cy - r, cx + r, cy + r],
    distance: (x, y) => {
      const dx = x - cx;
      const dy = y - cy;
      return Math.sqrt(dx * dx + dy * dy) - r;
    },
  };
}

/** A polygon line of some width with round ends. */
export function stroke(points: readonly (readonly [number, number])[], width: number): Shape {
  const r = width / 2;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return {
    box: [Math.min(...xs) - r, Math.min(...ys) - r, Math.max(...xs) + r, Math.max(...ys) + r],
    distance: (x, y) => {
      let least = Number.POSITIVE_INFINITY;
      for (let i = 1; i < points.length; i++) {
        const [ax, ay] = points[i - 1];
        const dx = points[i][0] - ax;
        const dy = points[i][1] - ay;
        const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
        const t = Math.min(1, Math.max(0, along));
        const ex = x - ax - t * dx;
        const ey = y - ay - t * dy;
        least = Math.min(least, ex * ex + ey * ey);
      }
      return Math.sqrt(least) - r;
    },
  };
}

/** A convex polygon, corners clockwise on the screen, rounded by `round` outwards. */
export function polygon(corners: readonly (readonly [number, number])[], round = 0): Shape {
  const edges = corners.map(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length];
    const length = Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
    return { ax, ay, nx: (by - ay) / length, ny: -(bx - ax) / length };
  });
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return {
    box: [
      Math.min(...xs) - round,
      Math.min(...ys) - round,
      Math.max(...xs) + round,
      Math.max(...ys) + round,
    ],
    distance: (x, y) => {
      let most = Number.NEGATIVE_INFINITY;
      for (const { ax, ay, nx, ny } of edges) {
        most = Math.max(most, (x - ax) * nx + (y - ay) * ny);
      }
      return most - round;
    },
  };
}

/** The edge of a shape, drawn with a width. */
export function rim({ box, distance }: Shape, width: number): Shape {
  const r = width / 2;
  return { box: grown(box, r), distance: (x, y) => Math.abs(distance(x, y)) - r };
}

/** A shape made larger on all sides, for the line round it. */
export function grow({ box, distance }: Shape, by: number): Shape {
  return { box: grown(box, by), distance: (x, y) => distance(x, y) - by };
}

/** What lies in both. */
export function within(shape: Shape, other: Shape): Shape {
  return {
    box: shape.box,
    distance: (x, y) => Math.max(shape.distance(x, y), other.distance(x, y)),
  };
}

/** A shape turned about a point: `sin` and `cos` of the angle, clockwise on the screen. */
export function turned(
  { box, distance }: Shape,
  cx: number,
  cy: number,
  sin: number,
  cos: number,
): Shape {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const x of [box[0], box[2]]) {
    for (const y of [box[1], box[3]]) {
      xs.push(cx + cos * (x - cx) - sin * (y - cy));
      ys.push(cy + sin * (x - cx) + cos * (y - cy));
    }
  }
  return {
    box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
    distance: (x, y) => {
      const dx = x - cx;
      const dy = y - cy;
      return distance(cx + cos * dx + sin * dy, cy - sin * dx + cos * dy);
    },
  };
}

function grown([left, top, right, bottom]: Box, by: number): Box {
  return [left - by, top - by, right + by, bottom + by];
}
