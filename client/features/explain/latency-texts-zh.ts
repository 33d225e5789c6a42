import type { latencyEn } from './latency-texts-en.ts';

export const latencyZh: typeof latencyEn = {
  title: '延迟',
  intro: '你观看时每次完整规划的时间，与控制周期相比。',
  calls: '调用',
  plan: 'ms/规划',
  blocks: '阻塞周期',
  step: 'ms/步',
  late: '迟到',
  lateOf: (late, all) => (all === 0 ? '–' : `${all} 次中 ${late} 次迟到`),
  budget: (ms) => `控制周期 ${ms} ms：规划的期限`,
  lateNote: '迟到：控制周期结束时规划还没有到',
  meanwhile:
    '在同步方案下，规划到来之前机器人没有新的动作：迟到的规划会阻塞整数个周期，手臂停着等待。本舞台也这样规划：做规划时，所有视图的仿真时间都停住。所以在这里迟到的规划只费时间，不影响成败。',
  amortised: (ta) =>
    `ms/步（分摊）：规划时间分摊到它所执行的 ${ta === null ? 'Ta' : `Ta = ${ta}`} 步。它说明处理器平均能否跟上，而不是手臂是否在等。`,
  chart: '每次规划的毫秒数，最新在右，对数坐标；迟到的规划带红圈',
  empty: '等待第一次规划…',
};
