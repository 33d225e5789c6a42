import type { picturesEn } from './texts-en.ts';

export const picturesZh: typeof picturesEn = {
  documentTitle: 'Forking Paths：噪声如何变成图画',
  tagline: '噪声如何变成图画',

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
