/** Pixels a side of what is trained while one watches, and for how long. Apart, so that a page can say it. */
export const LIVE_SIZE = 16;
export const LIVE_STEPS = 2000;
