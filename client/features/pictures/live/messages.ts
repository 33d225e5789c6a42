/** A picture of one's own among the data. */
export interface OwnCat {
  /** [16, 16, 3] bytes */
  readonly rgb: Uint8Array;
  readonly caption: string;
  /** Part of the training data, 0 … 1. */
  readonly share: number;
}

/** What the page tells its worker. */
export type ToWorker =
  /** Begins from nothing; `training` names it in all that is said of it. */
  | { readonly kind: 'begin'; readonly training: number; readonly seed: number }
  | { readonly kind: 'play'; readonly playing: boolean }
  | { readonly kind: 'guide'; readonly guidance: number }
  | { readonly kind: 'own'; readonly own: readonly OwnCat[] };

export interface Step {
  readonly step: number;
  readonly loss: number;
}

/** What the reader of cats says of pictures whose captions ask for what it can read. */
export interface Verdict {
  /** Steps that were made before. */
  readonly step: number;
  readonly pictures: number;
  /** So many it takes for cats. */
  readonly accepted: number;
  /** The nearest cat has the colour that was asked for, whether it is accepted or not. */
  readonly colour: number;
  /** It is accepted and everything that was asked for. */
  readonly obeyed: number;
}

/** Pictures of the fixed captions and noises, a row of all captions after the other. */
export interface Drawn {
  readonly step: number;
  readonly captions: readonly string[];
  /** [n, 16, 16, 3] bytes */
  readonly rgb: Uint8Array;
}

/** What the worker says. */
export type FromWorker =
  | {
      readonly kind: 'begun';
      readonly training: number;
      readonly engine: string;
      /** Some of the data, [n, 16, 16, 3] bytes. */
      readonly data: Uint8Array;
    }
  | {
      readonly kind: 'progress';
      readonly training: number;
      /** Since the last message, oldest first. */
      readonly steps: readonly Step[];
      /** Steps a second, while it trained. */
      readonly rate: number;
    }
  | { readonly kind: 'drawn'; readonly training: number; readonly drawn: Drawn }
  | { readonly kind: 'judged'; readonly training: number; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly message: string };
