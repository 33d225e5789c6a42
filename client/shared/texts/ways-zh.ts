import type { ModeLabel } from '../../../sim/tasks/index.ts';

const WAYS: Readonly<Record<ModeLabel, { readonly whole: string; readonly short: string }>> = {
  left: { whole: '立柱的左边', short: '左边' },
  right: { whole: '立柱的右边', short: '右边' },
};

export function wayZh(mode: ModeLabel): string {
  return WAYS[mode].whole;
}

export function shortWayZh(mode: ModeLabel): string {
  return WAYS[mode].short;
}

/** "从左边": past that side; a mode of more words says where by itself. */
export function fromZh(mode: string): string {
  return mode.length === 1 ? `从${mode}边` : `从${mode}`;
}
