import type { lessonEn } from './texts-en.ts';

export const lessonZh: typeof lessonEn = {
  documentTitle: 'Forking Paths：噪声如何变成动作',
  tagline: '噪声如何变成动作',
  planesTitle: '曲折的楼梯，笔直的线',
  planesLead:
    '两者学习同样的点，就在这个浏览器里实时训练，用的正是训练机器人的代码。扩散一小步一小步地去掉噪声，每步再加一点新噪声；流匹配沿着速度从噪声走到数据。在平面上任意处按一下，就能放下自己的点。',
  target: '学习目标',
  targets: { point: '一个点', fork: '两条路', own: '自选的点' },
  targetHints: {
    point: '演算例子：噪声是 (0, 0)，数据是 (8, 8)',
    fork: '两团点，各占数据的一半，中间什么也没有',
    own: '你放到平面上的点',
  },
  clear: '清空',
  undoHint: '撤回开始这次训练的操作；之前的训练从原处继续',
  setAside: (steps) => `之前的训练（${steps} 步）已搁置：撤销即可继续。`,
  plane: (policy) => `${policy}的平面。方向键移动光标，回车放下或拿走一个点。`,
  dropHint: '按任意处放下一个点',
  train: '训练',
  pause: '暂停',
  trained: '已训练完',
  restart: '重来',
  restartHint: '从头训练，换一组噪声',
  steps: '已完成的训练步数',
  stepsOf: (done, total) => `${done} / ${total} 步`,
  rate: (rate) => `每秒 ${rate} 步`,
  samplers: {
    ddpm: '走完每一步，每步都加新噪声',
    ddim: '步数更少，不加新噪声',
    euler: '沿学到的速度走直步',
  },
  calls: '网络调用',
  facts: {
    landed: '落在各团的点数',
    outside: (n) => `${n} 个在外`,
    detour: '路程 / 直线',
    detourHint: '路程的平均长度与两端直线距离之比',
    fieldError: '场的误差',
    fieldErrorHint: '沿加噪路径，学到的与精确答案之差的均方根，除以精确答案的均方根',
    straightness: '直度 S',
    straightnessHint: '速度沿自己的路径变化多少；0：一步就够',
    noStraightness: '只有流匹配才有：扩散在途中会加噪声',
  },
  arrowsLearnt: '学到的场',
  arrowsBest: '精确的场',
  count: '点数',
  losses: '损失',
  lossesDiffer: '各自回答不同的问题：请比较点落在哪里，而不是比较损失。',
  noLosses: '训练时曲线会出现在这里。',
  kinds: { diffusion: '扩散', flow: '流匹配' },

  noisingTitle: '演示如何淹没在噪声里',
  noisingLead:
    '前向过程没有什么要学：示范的关节目标一步步混入噪声，到 k = K 时什么也不剩。k 小时只盖住细节，k 大时连整体也盖住；所以返回时先定整体，后定细节。',
  noisingUnits:
    '每个分量按数据集的范围映射到 ±1，正如策略所见；图中画到 ±3。虚线：原来的演示。K = 100，平方余弦噪声表，所有 k 用同一次抽取的噪声。',
  noDemonstrations: '这台服务器上还没有演示。',
  demonstrate: (n) => `生成 ${n} 个演示`,
  episode: '演示',
  goesRound: (which) => `从${which}侧绕过`,

  levelsTitle: '网络在哪里出错',
  levelsLead:
    '同一个网络回答所有噪声水平，各处的损失却不同：靠近数据，噪声少得几乎看不见；靠近噪声，还看不出会走向哪里。那里剩下的误差不是过失，而是本来就无法知道的部分。',
  measure: '测量',
  measuring: '测量中…',
  shipped: (policy) => `${policy}（自带）`,
  noised: { diffusion: '扩散', flow: '流匹配', reflow: '再流' },
  answers: {
    epsilon: '噪声 ε',
    v: '混合量 v = √ᾱ·ε − √(1−ᾱ)·a',
    data: '数据 a',
    velocity: '速度 a − ε',
  },
  levelsOf: (answers, draws, dataset) =>
    `${answers}的均方误差，每条取自 ${dataset} 的 ${draws} 个动作块，± 标准误差`,
};
