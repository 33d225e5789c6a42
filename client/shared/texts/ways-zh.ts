import type { ModeLabel } from '../../../sim/tasks/index.ts';

const WAYS: Readonly<Record<ModeLabel, { readonly whole: string; readonly short: string }>> = {
  left: { whole: '立柱的左边', short: '左边' },
  middle: { whole: '两根立柱中间', short: '中间' },
  right: { whole: '立柱的右边', short: '右边' },
};

export function wayZh(mode: ModeLabel): string {
  return WAYS[mode].whole;
}

export function shortWayZh(mode: ModeLabel): string {
  return WAYS[mode].short;
}

/** "从左边". */
export function fromZh(mode: ModeLabel): string {
  return `从${WAYS[mode].short}`;
}
