import type { panelsEn } from './panels-en.ts';
import { toldZh } from './told-zh.ts';

const titles: Readonly<Record<string, string>> = toldZh.task.title;

export const panelsZh: typeof panelsEn = {
  panel: {
    taskTitle: (task) => titles[task] ?? task,
    toTask: (title) => `把“${title}”放上舞台`,
    otherTasks: (n) => `另一任务的（${n}）`,
    otherDatasets: '舞台上任务的策略无法从这些数据学习：场景不同。',
    otherRuns: '这些在另一任务中行动：要看它们，先把那个任务放上舞台。',
    demosTold: '策略从这里学习：一句话说拿哪个球，有时还说从哪一侧走。',
    nameRule: (kept) => `应为 1 至 64 个 a–z、0–9、“-”或“_”，首位为字母或数字。仍用“${kept}”。`,
    madeFirst: (name) => `先生成：${name}`,
    readerHint: (episodes, steps) =>
      `识字的策略在 ${episodes.toLocaleString('en')} 个演示上训练 ${steps.toLocaleString('en')} 步之后，才照所说的做。`,
    concern: {
      oneMode: (sides) =>
        `没有人从${sides.join('或')}边走：每个策略都只会学到一种走法，谁也不会取平均。`,
      few: (n, enough) =>
        `只有 ${n} 个演示：策略会照搬它们，在别处失败。至少 ${enough} 个才算起步。`,
      failures: (failed, n) => `${n} 个中有 ${failed} 个未成功：策略也会模仿失败。`,
    },
    removeEpisode: '移除此回合',
    episodeRemoved: (name, episode) => `已移除 ${name} 的第 ${episode} 回合。`,
    runTrashed: (title) => `${title} 已移到回收站。`,
    trashRun: '把此训练移到回收站',
    rename: '重命名',
    renameLabel: '训练的名称；留空则无名称',
    renameSave: '保存',
    download: '下载',
    downloadHint: '最后一个检查点（safetensors）',
    renew: '以这些权重开始新训练',
    startAnew: '用这些数据重新开始',
    grown: (dataset, before, now) =>
      `此训练开始之后 ${dataset} 已改变：当时 ${before} 个回合，现在 ${now} 个。无法继续。`,
    gone: (dataset) => `${dataset} 已不在：恢复之后才能继续此训练。`,
  },
  recorder: {
    asked: '对机器人说的话',
    each: '每个起点换一句',
    behaviour: (object, side) => `${object}，从${side}边`,
    rephrase: '换一句',
    show: (object, side, again) =>
      `${again ? '还是同一起点：' : ''}从立柱的${side === 'left' ? '左' : '右'}边去拿${object}。`,
    whyTold: '同一起点，两个球、两侧都会被要求：只有话语能说明是哪一个。',
    obstacle: (name, task, hz) =>
      `${name} 存放“${task}”任务 ${hz} Hz 的演示，放不进这些录制：请换一个名称。`,
    thrownAway: (what) => `已放弃：${what}。`,
    undoKey: '取回刚放弃的',
    noWebAssembly:
      '此浏览器没有 WebAssembly，录制所需的物理引擎无法运行。请允许它（严格的安全模式或锁定模式会将其关闭），或换一个浏览器录制。页面的其他部分照常可用。',
  },
};
