import type { sharedEn } from './texts-en.ts';

const task = {
  label: '任务',
  line: '任务：',
  title: { 'left-right': '左还是右', 'left-right-colour': '听话拿球', 'three-ways': '三条路' },
  about: {
    'left-right': '立柱后一个小球：两条路，都对',
    'left-right-colour': '立柱后两个小球，用一句话说拿哪一个',
    'three-ways': '两根立柱后一个小球：从左边、中间或右边过去',
  },
};
const titles: Readonly<Record<string, string>> = task.title;

export const sharedZh: typeof sharedEn = {
  language: '语言',
  pages: { lesson: '课程', lessonHint: '扩散与流匹配，在平面上实时训练', stage: '机器人' },
  noising: {
    data: '数据',
    noise: '噪声',
    levelsAxis: '→ 噪声更多',
    diffusionStep: '扩散步',
    playSteps: '播放所有 k',
    holdSteps: '停住',
    signalToNoise: '信噪比',
    otherNoise: '换一组噪声',
    sampler: '采样器',
    playSampling: '播放从噪声到数据的过程',
    pauseSampling: '停住从噪声到数据的过程',
    progress: '从噪声到数据走了多远',
  },
  close: '关闭',
  cancel: '取消',
  undo: '撤销',
  retry: '重试',
  loading: '加载中…',
  unopened: (cause: string) =>
    `页面的这一部分无法加载。请重新加载页面：地址会保留当前显示的内容。\n${cause}`,
  reload: '重新加载页面',
  number: {
    problem: ({ min, max, got, stands }) =>
      `应为 ${min} 到 ${max} 的整数，得到的是${
        got === null ? '别的内容' : got === '' ? '空白' : `“${got}”`
      }；仍用${stands === null ? '默认值' : ` ${stands}`}`,
  },
  connection: {
    connecting: '正在连接服务器…',
    online: '已连接',
    lost: '连接已断开，正在重连…',
    back: '已重新连接，舞台继续。',
    offline: '未连接到服务器。',
    timeout: '服务器未及时回应。',
    serverless: '本页面没有服务器：此功能需要运行本程序（npm ci、npm start）。',
    engine: (name) => `引擎：${name}`,
  },
  policy: {
    l2: 'L2 回归',
    diffusion: '扩散策略',
    flow: '流匹配',
    lstm: 'LSTM 回归',
    reflow: '重整流',
  },
  short: { l2: 'L2', diffusion: '扩散', flow: '流匹配', lstm: 'LSTM', reflow: '重整流' },
  sampler: {
    direct: '直接输出',
    ddim: 'DDIM',
    ddpm: 'DDPM',
    'dpm-solver++': 'DPM-Solver++',
    euler: 'Euler',
    heun: 'Heun',
    renoise: '重新加噪',
    'one-step': '一步',
  },
  mode: { left: '左', middle: '中间', right: '右' },
  table: { left: '左', middle: '中间', right: '右' },
  task,
  object: { ball: '小球', red: '红球', green: '绿球' },
  panel: {
    taskTitle: (task) => titles[task] ?? task,
    toTask: (title) => `把“${title}”放上舞台`,
    otherTasks: (n) => `其他任务的（${n}）`,
    nameRule: (kept) => `应为 1 至 64 个 a–z、0–9、“-”或“_”，首位为字母或数字。仍用“${kept}”。`,
  },
  sampling: {
    ta: '执行步长 Ta',
    taValue: (steps, seconds) => `${steps} 步 · ${seconds} 秒`,
    nfe: (policy) => `网络调用次数：${policy}`,
    eta: '每步的新噪声 η',
    reset: '默认值',
  },
  job: {
    queued: '等待中',
    left: (time) => `还需 ${time}`,
    estimating: '估算中…',
    ended: (title) => `${title}：提前停止`,
    generate: '生成演示',
    train: '训练',
    compare: '比较',
  },
};
