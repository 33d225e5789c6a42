import type { compareEn } from './texts-en.ts';

export const compareZh: typeof compareEn = {
  title: '比较',
  intro: '让舞台上的策略按各自的采样器面对相同的起点和噪声，比实时更快。',
  rollouts: '每个策略的次数',
  seed: '种子',
  policies: '策略',
  start: '开始比较',
  stop: '停止',
  again: '再比较一次',
  download: '下载 JSON',
  empty: '成功率、碰撞与多样性及 95 % 区间会显示在这里。',
  success: '成功',
  contact: '碰到立柱',
  invalid: '首次规划撞向立柱',
  entropy: '同一起点的多样性',
  planTime: '每次规划 ms',
  stepTime: '每控制步 ms',
  calls: '网络调用',
  setup: (rollouts, starts, seed, ta) =>
    `每个策略从 ${starts} 个起点共 ${rollouts} 次，种子 ${seed}，Ta = ${ta}`,
  told: (instruction) => `指令：“${instruction}”`,
  toldNothing: '没有指令',
  took: (seconds) => `横线为 95 % 区间。用时 ${seconds} 秒。`,
  starts: '起点数',
  earlier: '服务器保存的结果',
  notKept: '不在其中',
  takeOver: '把此结果的设置填入表单',
  fewStarts: (starts, least, needed) =>
    `只有 ${starts} 个起点时，p 不可能小于 ${least}；${needed
      .map(([more, p]) => `要达到 ${p} 需要 ${more} 个`)
      .join('，')}。`,
  paired: (a, b, p) => `${a} 对 ${b}：p ${p}（成功率，McNemar 检验）`,
  interval: (low, high) => `95 % 区间 ${low} 至 ${high}`,
  allTold: (sentence) => `每次都对所有策略说：“${sentence}”`,
  allToldNothing: '什么也不说，w 也就不起作用：请先在视图上方说一句话。',
  verdict: {
    better: '更好',
    worse: '更差',
    same: (delta) => `相同，δ = ${delta}`,
    open: '尚无法判断',
    more: (pairs) => `约需再有 ${pairs} 对`,
    letters: '共有一个字母的策略无法区分；a 属于最好的。',
  },
};
