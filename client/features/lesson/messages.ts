import type { LiveField, LiveMeasures, LivePaths, Square } from '../../../policies/lesson/live.ts';
import type { LiveKind, Target } from '../../../policies/lesson/target.ts';

export type PerKind<T> = Readonly<Record<LiveKind, T>>;

/** How points are drawn: as the samplers of the policies are named. */
export interface Drawing {
  /** Points in each plane. */
  readonly count: number;
  readonly diffusion:
    | { readonly kind: 'ddpm' }
    | { readonly kind: 'ddim'; readonly steps: number; readonly eta: 0 };
  readonly flow: { readonly kind: 'euler'; readonly steps: number };
}

/** Which arrows are wanted. */
export interface FieldRequest {
  /** From 0, noise, to 1, data. */
  readonly progress: number;
  readonly square: Square;
}

/** What the page tells its worker. */
export type ToWorker =
  /** Begins a lesson from nothing; `lesson` names it in all that is said of it. */
  | {
      readonly kind: 'begin';
      readonly lesson: number;
      readonly target: Target;
      readonly seed: number;
    }
  /**
   * Goes on with one that was set aside when another began; one that was overtaken before it had
   * begun begins now.
   */
  | {
      readonly kind: 'back';
      readonly lesson: number;
      readonly target: Target;
      readonly seed: number;
    }
  /** It will not be asked back. */
  | { readonly kind: 'forget'; readonly lesson: number }
  | { readonly kind: 'play'; readonly playing: boolean }
  | { readonly kind: 'draw'; readonly drawing: Drawing }
  /** Null where no arrows are shown. */
  | { readonly kind: 'field'; readonly request: FieldRequest | null };

/** A step of both trainings. */
export interface StepLosses {
  readonly step: number;
  readonly losses: PerKind<number>;
}

/** What the worker says of a lesson. */
export type FromWorker =
  | {
      readonly kind: 'progress';
      readonly lesson: number;
      /** Since the last message, oldest first. */
      readonly steps: readonly StepLosses[];
      /** Steps of both a second, while it trained. */
      readonly rate: number;
    }
  | { readonly kind: 'paths'; readonly lesson: number; readonly paths: PerKind<LivePaths> }
  | { readonly kind: 'field'; readonly lesson: number; readonly fields: PerKind<LiveField> }
  | { readonly kind: 'measures'; readonly lesson: number; readonly measures: LiveMeasures }
  | { readonly kind: 'failed'; readonly message: string };
