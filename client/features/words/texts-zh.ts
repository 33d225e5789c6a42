import type { wordsEn } from './texts-en.ts';

export const wordsZh: typeof wordsEn = {
  words: {
    documentTitle: 'Forking Paths：术语表',
    title: '术语表',
    lead: '本页的用词，与文献一致，附单位、公式和论文。每一条都有自己的地址。',
    link: '术语表',
    linkHint: '这些词是什么意思',
    toEntry: (name) => `“${name}”的链接`,
    groups: {
      question: '问题',
      plans: '计划',
      methods: '学到什么',
      drawing: '计划如何抽取',
      work: '数据与实验',
    },
  },
};
