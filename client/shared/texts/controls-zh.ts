import type { controlsEn } from './controls-en.ts';

export const controlsZh: typeof controlsEn = {
  number: {
    problem: ({ min, max, got, stands }) =>
      `应为 ${min} 到 ${max} 的整数，得到的是${
        got === null ? '别的内容' : got === '' ? '空白' : `“${got}”`
      }；仍用${stands === null ? '默认值' : ` ${stands}`}`,
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
      told: '可以说话的任务',
      text: (most) => `至多 ${most} 个字符`,
      places: (objects, x, y, apart) =>
        `${objects === 1 ? '小球' : `${objects} 个小球`}的 x,y（米），x ${x}，y ${y}${
          objects === 1 ? '' : `，相距至少 ${apart} 米`
        }`,
    },
    shown: '显示',
  },
  playback: {
    nowLive: '所示即此刻',
    at: (time, reached) => `${time} 秒，共 ${reached} 秒`,
    sliderEnds: '在时间条上：开头、最新时刻',
  },
  picture: {
    lost: '浏览器收回了画面的显存。',
    waits: '一旦归还，就会重新绘制视图。其他什么也没有丢失：舞台和录制照常进行。',
    reload: '若一直是黑的，请重新加载页面。',
  },
};
