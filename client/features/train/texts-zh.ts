import { fromZh } from '../../shared/texts/ways-zh.ts';
import type { trainEn } from './texts-en.ts';

export const trainZh: typeof trainEn = {
  train: {
    title: '训练',
    scratch: '从零训练',
    scratchHint: (episodes) => `先生成 ${episodes} 个演示，再依次训练各策略。`,
    start: '开始训练',
    preparing: '先生成演示…',
    policy: '策略',
    all: 'L2、扩散和流匹配',
    preset: '预设',
    presets: { quick: 'quick：双核几分钟', standard: 'standard：双核数小时' },
    dataset: '演示数据',
    steps: '步数',
    stepsPreset: '按预设',
    begin: '起始权重',
    random: '随机',
    shipped: '随附的策略',
    from: (policy) => `起自 ${policy}`,
    seed: '种子',
    curve: '损失',
    curveLabel: '各训练步的损失，对数坐标',
    noCurve: '训练时曲线会显示在这里。',
    runs: '训练记录',
    noRuns: '还没有训练。',
    step: (step, steps) => `第 ${step} 步，共 ${steps} 步`,
    preparation: {
      pairs: (share) => `正在抽取配对 ${share}`,
      pictures: (share) => `正在渲染画面 ${share}`,
    },
    loss: '损失',
    stop: '停止',
    resume: '继续',
    onStage: '放上舞台',
    isOnStage: '在舞台上',
    refresh: '最新检查点',
    curveOf: (id) => `绘制 ${id} 的损失`,
    warnings: (n) => `${n} 条警告`,
    differ: '不同目标的损失尺度不同：请比较成功率，不要比较损失。',
    status: {
      queued: '等待中',
      running: '训练中',
      done: '完成',
      stopped: '已停止',
      interrupted: '已中断',
      failed: '失败',
    },
    otherRuns: '这些属于其他任务：要看它们，先把那个任务放上舞台。',
    madeFirst: (name) => `先生成：${name}`,
    readerHint: (episodes, steps) =>
      `识字的策略在 ${episodes.toLocaleString('en')} 个演示上训练 ${steps.toLocaleString('en')} 步之后，才照所说的做。`,
    concern: {
      oneMode: (missing, left) =>
        `没有演示${missing.map(fromZh).join('或')}走：${
          left === 0
            ? '没有走法可学。'
            : left === 1
              ? '每个策略都只会学到一种走法，不会取平均。'
              : '没有策略会学到它。'
        }`,
      few: (n, enough) =>
        `只有 ${n} 个演示：策略会照搬它们，在别处失败。至少 ${enough} 个才算起步。`,
      failures: (failed, n) => `${n} 个中有 ${failed} 个未成功：策略也会模仿失败。`,
    },
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
};
