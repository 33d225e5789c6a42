import type { picturesEn } from './texts-en.ts';

export const picturesZh: typeof picturesEn = {
  documentTitle: 'Forking Paths：噪声如何变成图画',
  tagline: '噪声如何变成图画',

  drawTitle: '一句说明变成一幅图',
  drawLead:
    '作画从噪声开始。每一步，网络看到加噪的图、文字和噪声水平，估计完成后的图；采样器让图朝这个估计移动一点，或给这个估计重新加上更弱的噪声（renoise）。目标函数、采样器、引导和文本编码器都与机器人的策略相同：一行像素相当于一个控制步。',
  caption: '说明（英文）',
  anyCat: '任意一只猫',
  draw: '画',
  examples: '例子',
  tooLong: (excess) => `多了 ${excess} 个词：请删去一些。`,
  unknown: (words) => `训练用的说明里没有，所以在这里没有意义：${words.join('、')}`,
  saysNothing: (words) =>
    `训练用的说明里没有这些词：${words.join('、')}。画出来的可能是任意一只猫。`,
  painter: '画家',
  painterNamed: (name, method, size) => `${name}：${method}，${size} × ${size}`,
  guidance: '引导',
  builtIn: (w) => `从以 w = ${w} 画出的图中学得：引导已经内置，每次调用只评估一次网络。`,
  guidanceHint: '0 不理会说明，1 照做，大于 1 夸大它。',
  calls: '步数',
  seed: '噪声的种子',
  painting: '正在画…',
  drawnIn: (caption, calls, ms) => `“${caption || '任意一只猫'}”，${calls} 步，${ms} 毫秒`,
  noisedPicture: (caption) => `“${caption}”的加噪图`,
  estimatedPicture: (caption) => `对“${caption}”完成后图画的估计`,
  asItStands: '加噪的图',
  estimate: '对结果的估计',
  picture: '图画',
  callsMade: (calls, all) => `第 ${calls} 步，共 ${all} 步`,
  gazesTitle: '每个词的注意力落在哪里',
  gazesHint:
    '这一步的交叉注意力，对各个头以及中间块与解码器各块取平均。由暗到亮：这个词在所有步中得到的最少到最多的注意力。数字是它占全部注意力的份额。',
  gazeLabel: (word, share, at) => `“${word}”的注意力分布，${at}：占全部注意力的 ${share}`,

  noPainter: '这台服务器还没有自带的画家，所以这里还不能按说明作画。',
  noServer: '按说明作画需要运行本程序：此页面副本没有服务器。',
  trainOne: '训练一个，再用它启动服务器：',
  trainCommands:
    '# 在终端里运行\nnpm run -s fp -- pictures train --size 32 --out cats.ckpt\nnpm run -s fp -- serve --painter cats.ckpt',
  without: '不需要画家的：',

  gridTitle: '说明有多大分量',
  gridLead:
    '无分类器引导在每一步计算网络两次，一次带说明，一次不带，两者之差乘以 w。每一列从同样的噪声开始。',
  drawGrid: '全部画出',
  stop: '停止',
  ofCaption: (caption) => `“${caption || '任意一只猫'}”`,
  seedNumber: (seed) => `种子 ${seed}`,
  scales: ['不理会', '照做', '坚持', '坚持', '夸大'],
  gridCell: (w, seed) => `w = ${w}，种子 ${seed}`,

  sidesTitle: '同样的噪声，不同的目标函数',
  sidesLead:
    '扩散去除噪声，流匹配沿着速度走，L2 一次给出符合说明的所有猫的平均：那团模糊就是平均的样子。重整流学的是流匹配自己的噪声与图的配对，一次调用就画出。各用自己的默认采样器。',
  drawSides: '并排画出',

  betweenTitle: '从一句说明到另一句',
  betweenLead:
    '每一步都用两句说明各计算一次网络，再混合两个回答；噪声始终不变。中间是混合还是二者之一，取决于网络。',
  otherCaption: '走向（英文）',
  drawBetween: '画出过渡',
  share: '第二句的份额',
  betweenLabel: (share) => `第二句占 ${Math.round(100 * share)} % 时的图画`,

  levelsTitle: '画家在哪里出错',
  levelsLead:
    '按噪声水平的损失，在训练没有用过的猫上测量。靠近图画时几乎没有噪声可预测；靠近噪声时还看不出会是哪只猫。',
  measure: '测量',
  levelsOf: (draws) => `均方误差，每条 ${draws} 只猫，± 标准误差`,

  noisingTitle: '一只猫如何淹没在噪声里',
  noisingLead:
    '前向过程没有参数：图画一步步混入噪声，到 k = 1000 时什么也不剩。要学的是反向过程：在每个 k，网络看到加了噪声的图画，预测其中的噪声。所有的 k 用同一个网络。',
  noisedLabel: (caption, k) => `“${caption}”的图画，加了 ${k} 步噪声`,
  marks: {
    0: '原图',
    100: '缺的是细节：胡须、边缘',
    500: '缺的是形状与轮廓',
    999: '几乎全是噪声：会是哪只猫在这里决定',
  },
  otherCat: '换一只猫',
  shownCat: (caption) => `“${caption}”，平方余弦噪声表，K = 1000`,
};
