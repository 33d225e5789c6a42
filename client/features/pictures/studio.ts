import {
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from '@preact/signals';
import { CAPTION_VOCABULARY, CAPTION_WORDS } from '../../../demos/cats/index.ts';
import type {
  PainterInfo,
  PainterSampler,
  PictureLevels,
  RequestInput,
} from '../../../server/protocol/index.ts';
import { type Action, createAction } from '../../shared/link/action.ts';
import type { Connection, ConnectionStatus } from '../../shared/link/connection.ts';
import { isDrawable, type ReadCaption, readCaption } from './caption.ts';
import { picturesOf, type Way, wayOf } from './way.ts';

/** Guidance that is compared, and how many seeds each is drawn from. */
export const GRID_SCALES = [0, 1, 2, 4, 7.5] as const;
export const GRID_SEEDS = 4;
/** Pictures from one caption to another, both ends among them. */
export const BETWEEN = 8;
/** Two network calls a step, 10 steps or so: a picture that comes at once. */
export const FIRST_CALLS = 20;
/** The caption that the page opens with. */
export const FIRST_CAPTION = 'an astronaut cat with a hat';

/** Pictures of one request, as they are shown. */
export interface Strip {
  /** Pixels a side. */
  readonly size: number;
  readonly pictures: readonly Uint8Array[];
}

/** One scale of guidance, drawn from the same noise as the others. */
export interface GridRow extends Strip {
  readonly guidance: number;
}

/** What the page asks painters for, and what came of it. */
export interface Studio {
  readonly status: ReadonlySignal<ConnectionStatus>;
  /** There is a server that could draw. */
  readonly serves: boolean;
  /** Null until the server has said what draws there. */
  readonly painters: ReadonlySignal<readonly PainterInfo[] | null>;
  readonly damaged: ReadonlySignal<readonly { readonly name: string; readonly message: string }[]>;
  readonly look: Action<[]>;
  /** The one that draws: the one chosen, or the first. */
  readonly painter: ReadonlySignal<PainterInfo | null>;
  readonly chosen: Signal<string | null>;
  /** As it is typed, and what is to be said of it. */
  readonly typed: Signal<string>;
  readonly reading: ReadonlySignal<ReadCaption>;
  /** As it was last taken over. */
  readonly caption: ReadonlySignal<string>;
  /** Takes over what is typed, where it can be drawn. */
  take(): void;
  readonly seed: Signal<number>;
  readonly guidance: Signal<number>;
  readonly sampler: ReadonlySignal<PainterSampler | null>;
  readonly chosenSampler: Signal<string | null>;
  /** Network calls a picture, such as the sampler can do. */
  readonly calls: ReadonlySignal<number>;
  readonly chosenCalls: Signal<number>;
  readonly way: ReadonlySignal<Way | null>;
  readonly draw: Action<[]>;
  /** From noise, 0, to the picture, 1. */
  readonly progress: Signal<number>;
  readonly rows: ReadonlySignal<readonly GridRow[]>;
  readonly drawGrid: Action<[]>;
  /** The same caption and noise, by each painter. */
  readonly sides: ReadonlySignal<readonly Way[]>;
  readonly drawSides: Action<[]>;
  readonly other: Signal<string>;
  readonly between: ReadonlySignal<Strip | null>;
  readonly drawBetween: Action<[]>;
  readonly levels: ReadonlySignal<PictureLevels | null>;
  readonly measure: Action<[]>;
  /** Ends what is under way. */
  stop(): void;
}

export function createStudio(connection: Connection): Studio {
  const painters = signal<readonly PainterInfo[] | null>(null);
  const damaged = signal<Studio['damaged']['value']>([]);
  const chosen = signal<string | null>(null);
  const painter = computed(() => {
    const all = painters.value ?? [];
    return all.find(({ name }) => name === chosen.value) ?? all[0] ?? null;
  });
  const typed = signal(FIRST_CAPTION);
  const reading = computed(() => readCaption(typed.value, painter.value ?? TAUGHT));
  const caption = signal(FIRST_CAPTION);
  const seed = signal(0);
  const guidance = signal(2);
  const chosenSampler = signal<string | null>(null);
  const chosenCalls = signal(FIRST_CALLS);
  const sampler = computed(() => {
    const all = painter.value?.samplers ?? [];
    return all.find(({ kind }) => kind === chosenSampler.value) ?? all[0] ?? null;
  });
  const calls = computed(() => (sampler.value ? fitted(sampler.value, chosenCalls.value) : 1));
  const way = signal<Way | null>(null);
  const progress = signal(1);
  const rows = signal<readonly GridRow[]>([]);
  const sides = signal<readonly Way[]>([]);
  const other = signal('a blue cat wearing a wizard hat');
  const between = signal<Strip | null>(null);
  const levels = signal<PictureLevels | null>(null);

  /** Who has guidance built in is asked for no more of it. */
  const guided = ({ builtInGuidance }: PainterInfo, scale: number) =>
    builtInGuidance === null ? scale : 1;
  /** What is asked for with what is chosen now. */
  const wanted = computed((): RequestInput<'pictures:draw'> | null => {
    if (!painter.value || !sampler.value) return null;
    const scale = guided(painter.value, guidance.value);
    return {
      painter: painter.value.name,
      pictures: [{ caption: caption.value, seed: seed.value, guidance: scale }],
      sampler: sampler.value.kind,
      calls: calls.value,
      keep: true,
    };
  });
  /** Asked last, whether or not it came. */
  const asked = signal<string | null>(null);

  async function drawWay(
    by: PainterInfo,
    request: RequestInput<'pictures:draw'>,
  ): Promise<Way | null> {
    const drawn = await connection.request('pictures:draw', request);
    return wayOf(by, request.pictures[0].caption, drawn);
  }

  async function drawStrip(request: RequestInput<'pictures:draw'>): Promise<Strip> {
    const drawn = await connection.request('pictures:draw', request);
    return { size: drawn.size, pictures: picturesOf(drawn) };
  }

  const draw: Action<[]> = createAction(async () => {
    const request = wanted.peek();
    const by = painter.peek();
    if (!request || !by) return;
    asked.value = JSON.stringify(request);
    way.value = await drawWay(by, request);
  });
  effect(() => {
    wanted.value;
    // Another choice deserves another try.
    draw.clear();
  });
  // What was chosen while an earlier picture was being drawn is asked for once that is there.
  effect(() => {
    const request = wanted.value;
    if (!request || draw.busy.value || connection.status.value !== 'online') return;
    untracked(() => {
      if (asked.value !== JSON.stringify(request)) void draw.run();
    });
  });

  const studio: Studio = {
    status: connection.status,
    serves: connection.offers('pictures:draw'),
    ...{ painters, damaged, painter, chosen, typed, reading, caption, seed, guidance },
    ...{ sampler, chosenSampler, calls, chosenCalls, way, draw, progress },
    ...{ rows, sides, other, between, levels },
    look: createAction(async () => {
      const found = await connection.request('pictures:painters', {});
      damaged.value = found.damaged;
      painters.value = found.painters;
    }),
    take() {
      if (isDrawable(reading.peek())) caption.value = typed.peek().trim();
    },
    drawGrid: createAction(async () => {
      const request = wanted.peek();
      if (!request) return;
      rows.value = [];
      for (const scale of GRID_SCALES) {
        const pictures = Array.from({ length: GRID_SEEDS }, (_, i) => ({
          ...request.pictures[0],
          seed: seed.peek() + i,
          guidance: scale,
        }));
        const strip = await drawStrip({ ...request, pictures, keep: false });
        rows.value = [...rows.value, { ...strip, guidance: scale }];
      }
    }),
    drawSides: createAction(async () => {
      const request = wanted.peek();
      if (!request) return;
      sides.value = [];
      for (const each of painters.peek() ?? []) {
        const own = each.samplers[0];
        const scale = guided(each, guidance.peek());
        const drawn = await drawWay(each, {
          ...request,
          painter: each.name,
          pictures: [{ ...request.pictures[0], guidance: scale }],
          sampler: own.kind,
          calls: fitted(own, calls.peek()),
        });
        if (drawn) sides.value = [...sides.value, drawn];
      }
    }),
    drawBetween: createAction(async () => {
      const request = wanted.peek();
      if (!request) return;
      const to = other.peek();
      const pictures = Array.from({ length: BETWEEN }, (_, i) => ({
        ...request.pictures[0],
        towards: { caption: to, share: i / (BETWEEN - 1) },
      }));
      between.value = await drawStrip({ ...request, pictures, keep: false });
    }),
    measure: createAction(async () => {
      const by = painter.peek();
      if (!by) return;
      levels.value = await connection.request('pictures:noise-levels', { painter: by.name });
    }),
    stop() {
      void connection.request('pictures:stop', {}).catch(() => {
        // Without a connection the server has ended it already.
      });
    },
  };
  effect(() => {
    if (connection.status.value !== 'online' || !studio.serves) return;
    untracked(() => void studio.look.run());
  });
  return studio;
}

/** What captions are read by before any painter is known. */
const TAUGHT = { vocabulary: CAPTION_VOCABULARY, words: CAPTION_WORDS };

/** The number of calls nearest to one that a sampler can do. */
export function fitted({ least, most, step }: PainterSampler, calls: number): number {
  const within = Math.min(most, Math.max(least, calls));
  return least + step * Math.floor((within - least) / step);
}
