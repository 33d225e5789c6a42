import { DEFAULT_URL, encodeUrl, type UrlState } from '../../../shell/address/url.ts';
import type { Language } from '../../../texts.ts';

/** What pictures and the robot have in common, in the order of the lesson. */
export const PARTS = [
  'data',
  'noise',
  'network',
  'condition',
  'guidance',
  'sampler',
  'averaging',
  'calls',
] as const;
export type JoinedPart = (typeof PARTS)[number];

/** The headings of this page under which each part can be seen. */
const HEADINGS: Readonly<Record<JoinedPart, string>> = {
  data: 'live-title',
  noise: 'noising-title',
  network: 'picture-levels-title',
  condition: 'draw-title',
  guidance: 'grid-title',
  sampler: 'draw-title',
  averaging: 'sides-title',
  calls: 'sides-title',
};

/** Painters without which a part's section is not there. */
const PAINTERS: Readonly<Partial<Record<JoinedPart, number>>> = {
  network: 1,
  guidance: 1,
  averaging: 2,
  calls: 2,
};
/** Where a caption is drawn, or is said how that can be had. */
const DRAWING = 'draw-title';

/** What the robot's page is to show. */
const STAGES: Readonly<Record<Exclude<JoinedPart, 'noise'>, Partial<UrlState>>> = {
  data: { tab: 'demos' },
  network: { side: 'denoise' },
  condition: { task: 'left-right-colour', attention: true },
  guidance: { task: 'left-right-colour' },
  sampler: { side: 'denoise' },
  averaging: { side: 'why' },
  calls: { side: 'latency' },
};

/**
 * Where each half of a part is at work, seen from the page of pictures.
 *
 * @param painters that there are
 */
export function linksOf(
  part: JoinedPart,
  language: Language,
  painters: number,
): { picture: string; robot: string } {
  const address = (state: Partial<UrlState>) => encodeUrl({ ...DEFAULT_URL, ...state, language });
  return {
    picture: `#${painters < (PAINTERS[part] ?? 0) ? DRAWING : HEADINGS[part]}`,
    // A demonstration is noised on the page of the lesson.
    robot: part === 'noise' ? `../lesson/#${address({})}` : `../#${address(STAGES[part])}`,
  };
}
