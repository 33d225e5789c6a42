const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** "three"; from ten on in figures. */
export const numberEn = (n: number) => NUMBERS[n] ?? String(n);

/** "Three". */
export const capitalised = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

const NUMBERS_ZH = ['零', '一', '两', '三', '四', '五', '六', '七', '八', '九'];

/** "三", as before a measure word; from ten on in figures. */
export const numberZh = (n: number) => NUMBERS_ZH[n] ?? ` ${n} `;

/** "1 call", "2 calls". */
export const counted = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
