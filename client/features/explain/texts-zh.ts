import { numberZh } from '../../shared/texts/words.ts';
import type { explainEn } from './texts-en.ts';

export const explainZh: typeof explainEn = {
  why: {
    title: '为什么不同',
    meanTitle: 'L2 的答案是平均值',
    sampleTitle: '扩散与流匹配抽取一个答案',
    two: {
      title: (_) => '两个正确答案',
      answers: (_) =>
        '从同一个起点，一半的示范者从左边绕，一半从右边绕。两个正确答案之间，立着立柱。',
      mean: '与所有演示的平方误差，在它们的平均处最小：一条没人走过、从正中穿过的路。',
      sample: '它们学习噪声如何变成动作。每抽一次就得到一条完整的路：这次左，下次右，而不在中间。',
    },
    many: {
      title: (ways) => `${numberZh(ways)}个正确答案`,
      answers: (ways) => `从同一个起点，示范者以同样的频率走其中一条路：${ways}。每一条都是对的。`,
      mean: '与所有演示的平方误差，在它们的平均处最小。如果平均本身就是其中一条路，L2 大多成功，却从不走别的路：只看成功率，分不清它与每条路都会走的策略。',
      sample: '它们学习噪声如何变成动作。每抽一次就得到一条完整的路：这次一条，下次另一条。',
    },
    horizonTitle: '一个规划信任多久？',
    horizonLong: (seconds) =>
      `每个规划执行 ${seconds} 秒才重新规划。执行得越久，L2 的中间路线就走得越远，直奔立柱。`,
    horizonShort: (seconds) =>
      `每 ${seconds} 秒所有策略重新观察一次。偏离中线的微小误差被看到并放大：L2 可能摆脱自己的平均。但它从起点做出的规划仍是平均值。`,
    horizonHint: '改变它，观察计数：这是实验，不是影片。',
    tallyTitle: '你的实验至今：成功次数',
    tallyTa: 'Ta',
    tallyEmpty: '结束的回合会按执行步长在此累计。',
    nfeTitle: '抽取一次要多少代价？',
    nfe: '一次抽取需要多次调用网络。次数少则快而粗糙；L2 只需一次。',
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
  state: {
    title: '状态',
    joint: (n) => `关节 ${n}`,
    gripper: '夹爪',
    tcp: '手',
    step: '步',
    episode: '回合',
    seed: '种子',
    recorder: '录制器',
    units: '角度为度，夹爪为 mm，位置为 m：x 向前，y 向机器人左侧，z 向上。',
    placeTitle: (object) => `放置${object}`,
    replay: '回放',
    replayHint: '到此为止所有帧逐位的指纹：打开此刻链接的人得到相同的值',
    incomplete: (n) => `缺少 ${n} 帧：此页面太慢`,
    axis: { x: '向前 x', y: '向左 y' },
    unread: {
      title: '未显示',
      damaged: {
        dataset: (name, why) => `无法读取数据集 ${name}：${why}`,
        run: (name, why) => `无法读取训练 ${name}：${why}`,
      },
      omitted: {
        runs: (n) => `过多或过大而未列出：${n} 次训练`,
        datasets: (n) => `过多或过大而未列出：${n} 个数据集`,
        jobs: (n) => `过多或过大而未列出：${n} 个任务`,
        comparisons: (n) => `过多或过大而未列出：${n} 次比较`,
      },
    },
  },
};
