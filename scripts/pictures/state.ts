/** What somebody does on the page, or waits for. Ids are values of `data-testid`. */
export type Step =
  | { readonly click: string }
  | { readonly focus: string }
  /** A word that is explained, by its id in the glossary. */
  | { readonly term: string }
  /** A key as Playwright names it, to what has the focus. */
  | { readonly press: string; readonly times?: number }
  | { readonly fill: string; readonly with: string }
  /** Waits until a CSS selector shows something. */
  | { readonly see: string }
  /** Waits until so many seconds of the episode are shown. */
  | { readonly clock: number }
  /** Holds a key until a number on the page has grown by so much. */
  | { readonly hold: string; readonly until: string; readonly grows: number }
  /** The server goes, and stays away. */
  | { readonly end: 'server' };

/** A server's data directory: with content, or as it is at first. */
export type Place = 'filled' | 'empty';

/** Sizes of what shows the page, CSS px. */
export const SCREENS = {
  desktop: { width: 1440, height: 900 },
  small: { width: 1280, height: 800 },
  narrow: { width: 800, height: 900 },
  wide: { width: 2560, height: 1440 },
  /** The stage without what stands around it. */
  film: { width: 1180, height: 560 },
  phone: { width: 390, height: 844 },
} as const;
export type Screen = keyof typeof SCREENS;

/** One state of the page. */
export interface PictureState {
  /** Of its picture too: lower case, words joined by '-'. */
  readonly name: string;
  /** What follows the server's address. */
  readonly path: string;
  readonly steps: readonly Step[];
  /** desktop where it is left out. */
  readonly screen?: Screen;
  /** filled where it is left out. */
  readonly place?: Place;
  /** The machine asks pages not to move. */
  readonly still?: boolean;
  /** What the browser has more, or less, than others. */
  readonly browser?: 'no WebGL' | 'gamepad';
  /** It plays, and is held as soon as this second of the episode is on its picture. */
  readonly heldAt?: number;
  /** Another moment of what is in the list already: nothing new for an audit. */
  readonly again?: boolean;
}
