import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { animatedWebp, type Frame } from './animated-webp.ts';
import { type Opener, SETTLED, type ShotPage } from './browser.ts';
import { waitForPicture } from './in-page.ts';
import { type PictureState, SCREENS } from './state.ts';
import { visit } from './visit.ts';

/** Control steps: how far the pictures of the film lie apart, and the last. */
const STRIDE = 2;
const LAST = 66;
/** Between two pictures, ms: the time of the world. */
const PACE = 50 * STRIDE;
/** The last one, before the film begins again, ms. */
const END = 1500;
/** Of lossy WebP, 0 … 1: a picture of the film, and one that stands alone. */
const QUALITY = { film: 0.62, still: 0.84 } as const;

/** Not lowered where a CPU draws slowly. */
const QUERY = 'quality=high';
/** For a picture of the stage, ms. */
const PATIENCE = 60_000;

const end = async () => {};
const STANDS = { see: '[data-testid=transport-live][aria-pressed=false]' } as const;

/** The three policies at one start. */
const FILM: PictureState = {
  name: 'fork',
  screen: 'film',
  path: `?embed#t=${LAST}&paused`,
  steps: [
    STANDS,
    { clock: LAST / 20 },
    { press: 'Shift+ArrowLeft', times: 6 },
    { see: '.futures-legend b' },
  ],
};

/** The pictures that the README shows. */
const STILLS: readonly PictureState[] = [
  { name: 'page', path: '#t=34&paused', steps: [STANDS, { clock: 1.7 }] },
  {
    name: 'told',
    path: '#task=left-right-colour&say=hand+me+the+red+apple&attention=shown&side=closed&t=96&paused',
    steps: [STANDS, { clock: 4.8 }],
  },
  {
    name: 'cats',
    path: '/pictures/#lang=en',
    steps: [
      { fill: 'caption', with: 'an astronaut cat with a wizard hat' },
      { press: 'Enter' },
      { see: '[data-testid=picture-told][data-caption*=wizard]' },
      // The picture itself, wherever its way is by now.
      { focus: 'picture-scrub' },
      { press: 'End' },
    ],
  },
];

/** How many pictures `drawReadme` makes. */
export const README_PICTURES = LAST / STRIDE + 1 + STILLS.length;

/**
 * What the README opens with: pictures of the page, and a film of an episode, stepped through so that
 * it runs at the world's pace however slowly it is drawn.
 *
 * @param told called after each picture
 * @cost a second a picture
 */
export async function drawReadme(
  open: Opener,
  url: string,
  out: string,
  told: () => void,
): Promise<void> {
  for (const state of STILLS) {
    const still = await open(state, async (page) => {
      await visit(page, state, { url, query: QUERY, endServer: end });
      await page.evaluate(waitForPicture, { holds: true, within: PATIENCE });
      return webpOf(page, QUALITY.still);
    });
    await writeFile(join(out, `${state.name}.webp`), still);
    told();
  }
  const film = await open(FILM, async (page) => {
    await visit(page, FILM, { url, query: QUERY, endServer: end });
    return framesOf(page, told);
  });
  await writeFile(join(out, 'fork.webp'), animatedWebp(film, SCREENS.film));
}

async function framesOf(page: ShotPage, told: () => void): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for (let step = 0; step <= LAST; step += STRIDE) {
    const milliseconds = step < LAST ? PACE : END;
    await page.evaluate(waitForPicture, { holds: false, within: PATIENCE });
    frames.push({ file: await webpOf(page, QUALITY.film), milliseconds });
    // A tenth of a second: two control steps.
    await page.keyboard.press('ArrowRight');
    told();
  }
  return frames;
}

/** What the page shows, as a WebP file: the browser has an encoder. */
async function webpOf(page: ShotPage, quality: number): Promise<Buffer> {
  const png = (await page.screenshot(SETTLED)).toString('base64');
  const webp = await page.evaluate(encode, { png, quality });
  return Buffer.from(webp, 'base64');
}

/** In the page. */
async function encode({ png, quality }: { png: string; quality: number }): Promise<string> {
  const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
  const content = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (const byte of content) text += String.fromCharCode(byte);
  return btoa(text);
}
