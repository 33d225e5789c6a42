import type { picturesEn } from './texts-en.ts';

export const picturesZh: typeof picturesEn = {
  documentTitle: 'Forking Paths：噪声如何变成图画',
  tagline: '噪声如何变成图画',

  drawTitle: '一句说明变成一幅图',
  drawLead:
    '图画从噪声开始。每一步，同一个网络看着图、看着词、看着走到了哪里，回答它认为完成后的图是什么，图就朝那边挪一点，或由这个回答和更弱的噪声重新合成（重新加噪）。目标函数、采样器、引导和文本编码器都与机器人的策略相同：手臂的一步换成了一行像素。',
  caption: '说明（英文）',
  anyCat: '任意一只猫',
  draw: '画',
  examples: '例子',
  tooLong: (excess) => `多了 ${excess} 个词：请删去一些。`,
  unknown: (words) => `从未学过，所以不起作用：${words.join('、')}`,
  saysNothing: (words) => `这些词一个也没学过：${words.join('、')}。画出来的是任意一只猫。`,
  painter: '画家',
  painterNamed: (name, method, size) => `${name}：${method}，${size} × ${size}`,
  guidance: '引导',
  guidanceHint: '0 不理会说明，1 照做，大于 1 夸大它带来的变化。',
  calls: '步数',
  seed: '噪声的种子',
  painting: '正在画…',
  drawnIn: (caption, calls, ms) => `“${caption || '任意一只猫'}”，${calls} 步，${ms} 毫秒`,
  noisedPicture: (caption) => `“${caption}”的图画此刻的样子`,
  estimatedPicture: (caption) => `网络预计“${caption}”的图画会是什么样`,
  asItStands: '此刻的样子',
  estimate: '预计的样子',
  picture: '图画',
  callsMade: (calls, all) => `第 ${calls} 步，共 ${all} 步`,
  gazesTitle: '每个词被看在哪里',
  gazesHint:
    '这一步的交叉注意力，对各个头以及中间与上行各块取平均。由暗到亮：从整个过程中这个词被看得最少处到最多处。数字是它在全部注视中所占的份额。',
  gazeLabel: (word, share, at) => `“${word}”被看的地方，${at}：占全部注视的 ${share}`,

  noPainter: '这台服务器还没有自带的画家，所以这里还不能按说明作画。',
  noServer: '按说明作画需要运行本程序：此页面副本没有服务器。',
  trainOne: '训练一个，再用它启动服务器：',
  trainCommands:
    '# 在终端里运行\nnpm run -s fp -- pictures train --size 32 --out cats.ckpt\nnpm run -s fp -- serve --painter cats.ckpt',
  without: '不需要画家的：',

  gridTitle: '说明有多大分量',
  gridLead: '每一步都问网络两次，一次带说明，一次不带，两者之差算 w 倍。每一列从同样的噪声开始。',
  drawGrid: '全部画出',
  stop: '停止',
  ofCaption: (caption) => `“${caption || '任意一只猫'}”`,
  seedNumber: (seed) => `种子 ${seed}`,
  scales: ['不理会', '照做', '坚持', '坚持', '夸大'],
  gridCell: (w, seed) => `w = ${w}，种子 ${seed}`,

  sidesTitle: '同样的噪声，不同的学法',
  sidesLead:
    '扩散去掉噪声，流匹配沿着速度走，L2 一下子给出说明所允许的所有猫的平均：那团模糊就是平均的样子。各用自己常用的采样器。',
  drawSides: '并排画出',

  betweenTitle: '从一句说明到另一句',
  betweenLead:
    '每一步两句说明都问，把回答混在一起；噪声始终不变。两者之间是混合还是二者之一，由网络来说。',
  otherCaption: '走向（英文）',
  drawBetween: '画出这条路',
  share: '第二句的份额',
  betweenLabel: (share) => `第二句占 ${Math.round(100 * share)} % 时的图画`,

  levelsTitle: '画家在哪里出错',
  levelsLead:
    '按噪声水平的损失，在它没见过的猫上测量。靠近图画，几乎没有噪声可说；靠近噪声，还看不出会是哪只猫。',
  measure: '测量',
  levelsOf: (draws) => `均方误差，每条 ${draws} 只猫，± 标准误差`,

  noisingTitle: '一只猫如何淹没在噪声里',
  noisingLead:
    '前向过程没有什么要学：图画一步步混入噪声，到 k = 1000 时什么也不剩。要学的是回来的路：在每个 k，网络看到加了噪声的图画，回答混进去的是什么。所有的 k 由同一个网络回答。',
  noisedLabel: (caption, k) => `“${caption}”的图画，加了 ${k} 步噪声`,
  playNoise: '播放所有 k',
  holdNoise: '停住',
  marks: {
    0: '原图',
    100: '问的是细节：胡须、边缘',
    500: '问的是形状与轮廓',
    999: '几乎全是噪声：画什么在这里决定',
  },
  otherCat: '换一只猫',
  shownCat: (caption) => `“${caption}”，平方余弦噪声表，K = 1000`,
};
