import type { recordedEn } from './texts-en.tsx';

export const recordedZh: typeof recordedEn = {
  label: '记录的运行',
  which: (start, noise) => `起点 ${start}，噪声 ${noise}`,
  playing: (which, recorded) => (
    <>
      {which}：记录的运行。在这里结束后，会说明是否以记录的哈希 {recorded} 结束。
    </>
  ),
  same: (which, recorded) => (
    <>
      {which} 以记录的哈希 {recorded} 结束：逐比特就是那次运行。
    </>
  ),
  other: (which, got, recorded) => (
    <>
      {which} 以 {got} 结束，记录的是 {recorded}
      ：这是另一次运行。多半是这里的策略权重不同、程序版本不同，或计算的硬件不同。
    </>
  ),
  assisted: (which) => `${which}：有人接管了手臂，所以不是重放。`,
  unknown: (which, message) => `${which}：无法得知是否以记录的哈希结束：${message}`,
  elsewhere: (which) => `${which} 是记录的运行；现在显示的是别的。`,
  play: '播放它',
  ignored: (which, field) =>
    `${which}：显示的不是记录的运行，因为链接中没有有效的“${field}”。请完整复制链接。`,
  alone: (which, batch) =>
    `${which}：显示的不是记录的运行。本页没有服务器，每次只做一个规划，而记录时每批 ${batch ?? '–'} 个，最后几位不同。用 “forking-paths replay” 加本地址可重放。`,
  refused: (which) => `${which}：记录的运行无法在这里播放；舞台上说明了原因。`,
};
