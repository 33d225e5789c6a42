import { numberZh } from '../shared/texts/words.ts';
import type { shellEn } from './texts-en.ts';

export const shellZh: typeof shellEn = {
  documentTitle: 'Forking Paths：有多个正确答案的模仿学习',
  tagline: (answers) => `同一场景，${numberZh(answers)}个正确答案`,
  skipToStage: '跳到舞台',
  help: '键盘快捷键',
  pictures: { link: '图画', linkHint: '从噪声里画出猫，并告诉它戴什么' },
  tabs: {
    left: '工作',
    right: '讲解',
    demos: '演示',
    train: '训练',
    compare: '比较',
    record: '录制',
    denoise: '噪声',
    why: '为什么',
    latency: '延迟',
    state: '状态',
  },
  shortcuts: {
    title: '键盘快捷键',
    watching: '观看',
    recording: '录制',
    playPause: '播放或暂停',
    seek: '后退、前进 0.1 秒',
    seekFar: '后退、前进 1 秒',
    event: '到上一个、下一个事件',
    live: '回到实时',
    next: '下一回合',
    denoise: '看计划如何从噪声中产生',
    noise: '同样的起点，别的噪声',
    again: '再看一遍',
    focus: '单独显示一个视图',
    all: '全部视图',
    ghosts: '最初的计划留在场景中，或不留',
    share: '此刻的链接、图片、短片',
    curves: '某个视图的曲线',
    tabs: '演示、训练、比较、录制',
    help: '本页',
    camera: '相机：正面、俯视、背后',
    takeOver: '从策略手中接过机械臂',
  },
  link: {
    title: '此链接中有些部分被忽略',
    dismiss: '知道了',
    ignored: (field, got, expected, stands) =>
      `${field}：应为${expected}，得到的是“${got}”；${
        stands === null ? '视为未写' : `现用 ${stands}`
      }`,
    more: (n) => `另有 ${n} 处`,
    expected: {
      whole: (low, high) => ` ${low} 到 ${high} 的整数`,
      oneOf: (values) => `以下之一：${values}`,
      field: (names) => `以下字段之一：${names}`,
      once: '只写一次',
      views: (n) => `以逗号分隔的至多 ${n} 个部分，每个视图一个`,
      acts: '在字段“policies”中为此视图写明策略',
      policy: '自带的策略，或一次训练的编号',
      sampler: (policy) => `${policy} 可用的采样器及其网络调用次数`,
      eta: '用 DDIM 的视图的 η，从 0 到 1',
      guidance: (most) => `从 0 到 ${most} 的引导强度`,
      ended: (last) => `该回合中的控制步，该回合在第 ${last} 步结束`,
      bare: '只写字段名，不带值',
      told: '可以说话的任务',
      moment: '1 到 3 的视图、“@”和一个计划的控制步，如 2@34',
      noiseRoom: '它只与 side=denoise 一起出现',
      text: (most) => `至多 ${most} 个字符`,
      places: (objects, x, y, apart) =>
        `${objects === 1 ? '小球' : `${objects} 个小球`}的 x,y（米），x ${x}，y ${y}${
          objects === 1 ? '' : `，相距至少 ${apart} 米`
        }`,
    },
    shown: '显示',
  },
};
