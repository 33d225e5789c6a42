import type { joinEn } from './texts-en.ts';

export const joinZh: typeof joinEn = {
  title: '一个像素与一个关节，由同一个想法去噪',
  lead: '机器人与图画共用目标、采样器、引导、文本编码器、训练器与引擎：就是同一批文件。不同的只是网络的网格，以及网格上放的是什么。每一格都通往能看到它运行的地方。',
  columns: { what: '部分', picture: '按描述画一只猫', robot: '按指令抓取' },
  rows: {
    data: {
      name: '数据',
      picture: '由种子画出的猫，各有一句属实的描述：32 行，每行 3 · 32 个数',
      robot: '示范，一半走左、一半走右：Tp 个控制步，7 个关节加夹爪',
    },
    noise: {
      name: '噪声',
      picture: '正态，每个像素的每种颜色一个数；k = K 时猫什么也不剩',
      robot: '正态，每个关节每个控制步一个数；k = K 时抓取什么也不剩',
    },
    network: {
      name: '网络',
      picture: '平面上的 U-Net，每个分辨率都有跳连，每个块都嵌入步数',
      robot: '同一个 U-Net 主体，沿时间展开：卷积沿动作块进行',
    },
    condition: {
      name: '条件',
      picture: '图画的每一处向词语询问自己该是什么（交叉注意力）',
      robot: '每个控制步向词语、位置和相机询问（交叉注意力）',
    },
    guidance: {
      name: '引导',
      picture: 'w = 0 随便画一只猫，w = 1 画所要的，更大则夸张',
      robot: 'w = 0 随便拿一个球，w = 1 拿所说的，更大则夸张',
    },
    sampler: {
      name: '采样器',
      picture: '图画一次次调用地浮现：逐级、沿直线，或每次重新加噪',
      robot: '规划一次次调用地浮现：扩散的台阶，流的直线',
    },
    averaging: {
      name: '模式平均',
      picture: 'L2 的猫是描述所容许的一切猫的平均：一团模糊',
      robot: 'L2 的规划是左与右的平均：撞上柱子',
    },
    calls: {
      name: '网络调用',
      picture: '每张图：DDPM 至多 1000 次，DDIM 20 次，流 4 到 20 次，L2 1 次',
      robot: '每个规划：DDPM 至多 100 次，DDIM 10 次，流 4 次，回流与 L2 1 次；每次都要赶上控制步',
    },
  },
};
