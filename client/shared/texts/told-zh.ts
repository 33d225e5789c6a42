import type { toldEn } from './told-en.ts';

const quoted = (words: readonly string[]) => words.map((word) => `“${word}”`).join('、');

export const toldZh: typeof toldEn = {
  task: {
    label: '任务',
    title: { 'left-right': '左还是右', 'left-right-colour': '听话拿球' },
    about: {
      'left-right': '立柱后一个小球：两条路，都对',
      'left-right-colour': '立柱后两个小球，用一句话说拿哪一个',
    },
  },
  object: { ball: '小球', red: '红球', green: '绿球' },
  tell: {
    label: '对机器人说的话（英文）',
    say: '说出来',
    nothing: '什么也不说',
    silence: '什么也没说：拿哪个都行',
    each: '每次换一句',
    eachHint: '每个回合用一句训练中从未出现过的话',
    unknown: (words) => `这些策略不认识${quoted(words)}。`,
    unknownIn: (words, views) => `视图 ${views} 的策略不认识${quoted(words)}。`,
  },
  guidance: {
    label: '引导强度 w',
    hint: '引导：规划 = 不听这句话的 + w ·（听的 − 不听的）',
    ignores: '不理会所说的话',
    halfListens: '半听半不听',
    follows: '照所说的做',
    exaggerates: '夸大所说的话',
  },
  attention: {
    toggle: '显示每个规划在看哪些词和物',
    short: '看哪里',
    about: '规划对每个词、每个物看多少：从第一次网络调用（左）到最后一次（右）。',
    scale: (largest) => `最高一格 ${largest}`,
    waiting: '随下一个规划显示',
    shares: (what, first, last) => `${what}：占第一次调用注意力的 ${first}，最后一次的 ${last}`,
    unknown: (word) => `${word}（不认识的词）`,
    start: '句首',
    thing: { state: '手臂', tcp: '手', image: '画面' },
  },
  sees: {
    name: (policy) => `${policy} · 相机`,
    picture: (size) => `它看到的全部场景：${size} × ${size} 像素。没有谁告诉它球在哪里。`,
    short: '它看到的',
  },
  told: {
    lifted: (object, side) => `${object}，${side}侧`,
    judged: (what, verdict) => `${what}：${verdict}`,
    obeyed: { yes: '照做了', 'wrong object': '不是这个', 'wrong side': '走错了侧' },
    count: '照做',
    ballsByHand: '小球由你放置',
    ballsReset: '改由种子放置',
    dragBalls: '拖动小球',
    compare: (sentence) => `每次都对所有策略说：“${sentence}”`,
    compareNothing: '什么也不说，w 也就不起作用：请先在视图上方说一句话。',
  },
  nobody: {
    title: '这里还没有谁识字',
    why: '本版本没有自带此任务的策略，这里也还没有训练过。',
    train: '训练一个',
    cost: (episodes, steps) =>
      `${episodes} 个演示，再训练 ${steps.toLocaleString('en')} 步：单核约 50 分钟。`,
    soon: '一有检查点，它就会在这里行动，之后越来越好。',
    commands: '也可用命令行',
  },
  whyTold: {
    title: '一个词改变了什么',
    choiceTitle: '四个正确答案',
    choice: '两个球，两侧。什么也不说时，策略从四种走法中任取一种；说一句话，答案就变少。',
    readTitle: '规划如何读一句话',
    read: '词变成标记，球和手也一样。在网络的每一层，规划都去查它需要的标记：“red”通向红球所在之处。',
    guidanceTitle: '听得更重：引导',
    guidance: '网络被问两次：听这句话，和不听。两者之差就是话语的作用；w 决定它算多少。',
    scales:
      '0 不理会这句话，1 照做。大于 1 时，策略并不更听话，却越来越抓不准：没有演示走得那么远。',
    wordsTitle: '只认识见过的词',
    words: '它认识 25 个词。其他的词在它看来都是同一个生词：试试“apricot”，看它被指出来。',
  },
};
