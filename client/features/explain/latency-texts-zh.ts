import type { latencyEn } from './latency-texts-en.ts';

export const latencyZh: typeof latencyEn = {
  title: '延迟',
  intro: '本回合每次规划的时间，画在提出请求的那一步，与控制周期相比。',
  now: (plan, step) => `${plan} ms · ${step} ms/步`,
  bar: (step, ms) => `控制步 ${step}：${ms} ms`,
  bars: (plans, late, longest, period, waited) =>
    `本回合 ${plans} 次规划，${late} 次迟到；最长 ${longest} ms，控制周期 ${period} ms。手臂等待了 ${waited} 个控制步。`,
  lateOf: (late, all) => (all === 0 ? '–' : `${all} 次中 ${late} 次迟到`),
  budget: (ms) => `规划的期限：一个控制周期，${ms} ms`,
  lateNote: '迟到；超过两个周期的被截断',
  waitsNote: '手臂等待的控制步',
  spread: '每次规划的 ms，当前策略与方案',
  first: '选定后的第一次规划也计入，尽管它在预热；命令 “latency” 不计前三次。',
  worst: '最长',
  csv: '每次规划存为 CSV',
  whatIf: '如果规划更慢会怎样？',
  delay: '一次规划需要',
  delayValue: (steps, seconds) => (steps === 0 ? '不花时间' : `${steps} 步 = ${seconds} s`),
  scheme: '其间手臂',
  schemes: {
    synchronous: { name: '等待', does: '（同步）' },
    asynchronous: { name: '继续', does: '执行上一个规划，然后跳到新的（异步）' },
    ensembling: { name: '平均', does: '所有涉及当前时刻的规划（集成）' },
    'real-time': { name: '平滑地继续：', does: '每个规划接着上一个（实时）' },
  },
  unable: (policy) => `${policy} 只有一个答案，不能接着规划：它继续执行，然后跳转（异步）。`,
  meanwhile:
    '每次规划立即可用：做规划时，所有视图的仿真时间都停住。迟到的规划在这里只费时间，不影响成败；真实机器人会停住整数个周期。',
  counted:
    '规划在提出请求后经过这么多控制步才可用，与这里实际用时无关：做规划时仿真时间停住。“compare --delays” 统计它对成功率的影响。',
  amortised: (ta) =>
    `ms/步（分摊）：规划时间分摊到它所执行的 ${ta === null ? 'Ta' : `Ta = ${ta}`} 步。它说明处理器平均能否跟上，而不是手臂是否在等。`,
};
