import type { aloneEn } from './texts-en.ts';

export const aloneZh: typeof aloneEn = {
  alone: {
    status: '没有服务器：物理仿真和策略都在本页面中运行',
    title: {
      demos: '演示数据',
      train: '训练',
      compare: '比较',
      record: '录制',
    },
    needed: {
      demos: '演示数据是文件：生成、浏览和编辑它们需要运行本程序。',
      train: '训练一个策略要用满所有核心，耗时几分钟到几小时：需要运行本程序。',
      compare: '比较要运行数百个回合，并给出区间和检验：需要运行本程序。',
      record: '录制的内容会成为供策略学习的文件：需要运行本程序。',
    },
    here: '此页面副本没有服务器。舞台、去噪、噪声和接管在这里都可以使用。',
    taken: (name) => `${name} 已松手：机械臂由你操作。`,
    correct: '把它带到该去的地方，或直接完成任务，然后让策略从那里继续。',
    keeping: '保存纠正并用它训练需要运行本程序。',
    embedding: '任何网页都可以，除非本页面的托管方禁止',
    lesson: '这里用机器人的演示来说明，需要运行本程序；此页面副本没有服务器。',
    cure: '获取本程序并在自己的机器上运行：',
    commands: 'npm ci\nnpm start',
  },
};
