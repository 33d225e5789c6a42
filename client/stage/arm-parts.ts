import type { BufferGeometry } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { COARSE, type Corner, type Detail, FINE, Solids } from './shapes.ts';
import type { Quality } from './types.ts';

/** Frames that carry parts: the base, the seven links, the hand and its two fingers. */
export const ARM_FRAMES = [
  'base',
  'link1',
  'link2',
  'link3',
  'link4',
  'link5',
  'link6',
  'link7',
  'hand',
  'fingerLeft',
  'fingerRight',
] as const;
export type ArmFrame = (typeof ARM_FRAMES)[number];

export const ARM_SURFACES = ['shell', 'joint', 'light'] as const;
export type ArmSurface = (typeof ARM_SURFACES)[number];

export interface ArmPart {
  readonly frame: ArmFrame;
  readonly surface: ArmSurface;
  readonly geometry: Readonly<Record<Quality, BufferGeometry>>;
}

const QUARTER = Math.PI / 2;

/** Turned to lie along the frame's y axis, which is where the next joint's axis lies. */
function alongY(geometry: BufferGeometry): BufferGeometry {
  return geometry.rotateX(-QUARTER);
}

/** The dark caps on both ends of a barrel that lies along y. @param half half its length, m */
function caps(s: Solids, radius: number, half: number, x = 0): BufferGeometry[] {
  return [1, -1].map((side) => {
    const cap = s.turned([
      [0, 0],
      [radius, 0],
      [radius, 0.011, 0.005],
      [radius * 0.8, 0.011, 0.002],
      [radius * 0.74, 0.006, 0.003],
      [0, 0.006],
    ]);
    return cap.rotateX(-side * QUARTER).translate(x, side * (half - 0.003), 0);
  });
}

/** The seam between two links that turn against each other about z: a groove that glows. */
function seam(
  s: Solids,
  radius: number,
  z: number,
): { joint: BufferGeometry; light: BufferGeometry } {
  return {
    joint: s.barrel(radius - 0.006, z - 0.01, z + 0.01),
    light: s.barrel(radius - 0.0025, z - 0.0036, z + 0.0036, 0.001),
  };
}

type Shapes = Partial<Record<ArmSurface, BufferGeometry[]>>;

function base(s: Solids): Shapes {
  const { joint, light } = seam(s, 0.073, 0.146);
  return {
    shell: [
      s.roundedBox(0.235, 0.19, 0.05, 0.022).translate(-0.042, 0, 0.025),
      s.roundedBox(0.1, 0.12, 0.1, 0.022).translate(-0.092, 0, 0.05),
      s.turned([
        [0.094, 0.02],
        [0.092, 0.045, 0.02],
        [0.074, 0.075, 0.025],
        [0.073, 0.141, 0.004],
        [0, 0.141],
      ]),
    ],
    joint: [joint],
    light: [light],
  };
}

function link1(s: Solids): Shapes {
  return {
    shell: [
      s.turned([
        [0, -0.182],
        [0.073, -0.182, 0.004],
        [0.071, -0.06],
        [0.069, 0],
      ]),
      alongY(s.barrel(0.071, -0.088, 0.088, 0.02)),
    ],
    joint: caps(s, 0.052, 0.088),
  };
}

function link2(s: Solids): Shapes {
  const { joint, light } = seam(s, 0.063, 0.211);
  return {
    // Up is −y here.
    shell: [
      s
        .turned([
          [0.069, 0],
          [0.068, 0.06, 0.05],
          [0.063, 0.15, 0.05],
          [0.063, 0.206, 0.004],
          [0, 0.206],
        ])
        .rotateX(QUARTER),
    ],
    joint: [joint.rotateX(QUARTER)],
    light: [light.rotateX(QUARTER)],
  };
}

const ELBOW = 0.0825;

function link3(s: Solids): Shapes {
  return {
    shell: [
      s.barrel(0.063, -0.1, -0.07, 0.004),
      s.swept(
        [
          [0, 0, -0.086],
          [0.003, 0, -0.055],
          [0.034, 0, -0.02],
          [ELBOW, 0, 0],
        ],
        [0.063, 0.062, 0.058],
      ),
      alongY(s.barrel(0.0585, -0.073, 0.073, 0.018)).translate(ELBOW, 0, 0),
    ],
    joint: caps(s, 0.043, 0.073, ELBOW),
  };
}

const FOREARM_SEAM = 0.142;

function link4(s: Solids): Shapes {
  const { joint, light } = seam(s, 0.0535, 0);
  const place = (geometry: BufferGeometry) =>
    geometry.rotateX(-QUARTER).translate(-ELBOW, FOREARM_SEAM, 0);
  return {
    shell: [
      s.swept(
        [
          [0, 0, 0],
          [-0.036, 0.022, 0],
          [-0.075, 0.07, 0],
          [-ELBOW, 0.11, 0],
          [-ELBOW, FOREARM_SEAM - 0.008, 0],
        ],
        [0.055, 0.056, 0.0545, 0.0535],
      ),
      place(s.barrel(0.0535, -0.02, -0.005, 0.004)),
    ],
    joint: [place(joint)],
    light: [place(light)],
  };
}

function link5(s: Solids): Shapes {
  const top = FOREARM_SEAM - 0.384;
  return {
    shell: [
      s.turned([
        [0, top + 0.005],
        [0.0535, top + 0.005, 0.004],
        [0.053, -0.16, 0.06],
        [0.046, -0.05, 0.05],
        [0.045, 0],
      ]),
      alongY(s.barrel(0.049, -0.062, 0.062, 0.015)),
    ],
    joint: caps(s, 0.036, 0.062),
  };
}

const WRIST = 0.088;

function link6(s: Solids): Shapes {
  return {
    shell: [
      s.swept(
        [
          [0, 0, 0],
          [0.03, 0, 0],
          [0.06, 0.003, 0],
          [WRIST, 0.006, 0],
        ],
        [0.046, 0.044, 0.0445],
      ),
      alongY(s.barrel(0.0465, -0.042, 0.056, 0.016)).translate(WRIST, 0, 0),
    ],
    joint: [alongY(s.barrel(0.036, -0.048, -0.02)).translate(WRIST, 0, 0)],
  };
}

function link7(s: Solids): Shapes {
  const { joint, light } = seam(s, 0.0435, 0.06);
  return {
    shell: [
      s.turned([
        [0, 0.065],
        [0.0435, 0.065, 0.004],
        [0.0425, 0.088, 0.006],
        [0, 0.088],
      ]),
      s.turned([
        [0, 0.03],
        [0.0435, 0.036, 0.004],
        [0.0435, 0.055, 0.004],
        [0, 0.055],
      ]),
    ],
    joint: [joint, s.barrel(0.036, 0.084, 0.108)],
    light: [light],
  };
}

const HAND_OUTLINE: readonly Corner[] = [
  [-0.1, 0.064, 0.012],
  [-0.1, 0.026, 0.03],
  [-0.05, 0.004, 0.04],
  [0.05, 0.004, 0.04],
  [0.1, 0.026, 0.03],
  [0.1, 0.064, 0.012],
];

function hand(s: Solids): Shapes {
  return {
    shell: [s.plate(HAND_OUTLINE, 0.056, 0.012)],
    joint: [s.roundedBox(0.03, 0.184, 0.016, 0.004).translate(0, 0, 0.062)],
  };
}

/** A finger whose pad faces the other one at y = 0 when closed. @param side of the y axis */
function finger(s: Solids, side: 1 | -1): Shapes {
  return {
    shell: [s.roundedBox(0.021, 0.018, 0.022, 0.004).translate(0, side * 0.012, 0.076)],
    joint: [
      s.roundedBox(0.0195, 0.011, 0.03, 0.003).translate(0, side * 0.0075, 0.085),
      s.roundedBox(0.019, 0.0095, 0.024, 0.003).translate(0, side * 0.0048, 0.1005),
    ],
  };
}

const SHAPES: Record<ArmFrame, (solids: Solids) => Shapes> = {
  base,
  link1,
  link2,
  link3,
  link4,
  link5,
  link6,
  link7,
  hand,
  fingerLeft: (solids) => finger(solids, 1),
  fingerRight: (solids) => finger(solids, -1),
};

const DETAILS: Readonly<Record<Quality, Detail>> = { high: FINE, low: COARSE };

/**
 * The arm's parts in their frames, merged to one geometry a frame and surface, shared by all arms. Each quality's
 * are made when the first of them is asked for: the fine ones were a quarter of the work of a page that opens.
 */
export class ArmParts {
  readonly all: readonly ArmPart[];
  readonly #made: Partial<Record<Quality, readonly Solid[]>> = {};

  /** @param first the quality that will be asked for first */
  constructor(first: Quality) {
    const of = (quality: Quality, i: number) => this.#solids(quality)[i].geometry;
    this.all = this.#solids(first).map(({ frame, surface }, i) => ({
      frame,
      surface,
      geometry: {
        get high() {
          return of('high', i);
        },
        get low() {
          return of('low', i);
        },
      },
    }));
  }

  dispose(): void {
    for (const { geometry } of Object.values(this.#made).flat()) geometry.dispose();
  }

  #solids(quality: Quality): readonly Solid[] {
    this.#made[quality] ??= solidsOf(DETAILS[quality]);
    return this.#made[quality];
  }
}

interface Solid {
  readonly frame: ArmFrame;
  readonly surface: ArmSurface;
  readonly geometry: BufferGeometry;
}

/** Of each detail the same ones, in the same order. */
function solidsOf(detail: Detail): Solid[] {
  const solids = new Solids(detail);
  return ARM_FRAMES.flatMap((frame) => {
    const shapes = SHAPES[frame](solids);
    return ARM_SURFACES.flatMap((surface) => {
      const pieces = shapes[surface];
      return pieces ? [{ frame, surface, geometry: merge(pieces) }] : [];
    });
  });
}

function merge(pieces: BufferGeometry[]): BufferGeometry {
  const geometry = mergeGeometries(pieces);
  for (const piece of pieces) piece.dispose();
  return geometry;
}
