import type { demosEn } from './texts-en.ts';

export const demosZh: typeof demosEn = {
  demos: {
    title: '演示数据',
    intro: (ways) =>
      ways.length === 2
        ? '策略从这里学习：一半从左边绕过立柱，一半从右边。'
        : `策略从这里学习：每个起点都演示每条路：${ways.join('、')}。`,
    empty: '还没有演示。可以让脚本生成一些，或自己录制。',
    learntFrom: (policies, n, seed) =>
      `${policies} 随版本发布前所学的数据：种子 ${seed} 的 ${n} 个演示，这里还没有。重新生成的结果逐位相同。`,
    taught: (policies) => `${policies} 随版本发布前就是从这些学习的。`,
    make: '生成它们',
    episodes: (n) => `${n} 个回合`,
    recorded: (n) => `${n} 个为人工录制`,
    failures: (n) => `${n} 个未成功`,
    modes: (counts) => counts.map(([mode, count]) => `${mode} ${count}`).join('，'),
    show: '回合',
    hide: '收起',
    trash: '移到回收站',
    trashed: (name) => `${name} 已移到回收站。`,
    generate: '生成',
    generateTitle: '生成脚本演示',
    name: '名称',
    count: '演示数量',
    pushes: '推扰：扰动手臂，记录如何纠正',
    columns: { index: '#', mode: '走法', source: '来源', result: '结果', length: '时长' },
    source: { scripted: '脚本', browser: '人' },
    result: { success: '抓到', contact: '碰柱', none: '未抓到' },
    more: (n) => `还有 ${n} 个`,
    train: '用这些训练',
    otherDatasets: '舞台上任务的策略无法从这些数据学习：场景不同。',
    introTold: '策略从这里学习：一句话说拿哪个球，有时还说从哪一侧走。',
    removeEpisode: '移除此回合',
    episodeRemoved: (name, episode) => `已移除 ${name} 的第 ${episode} 回合。`,
  },
};
