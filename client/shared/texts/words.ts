/** "1 call", "2 calls". */
export const counted = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** A side in Chinese; what is none stays as it is. */
export const sideZh = (which: string) =>
  which === 'left' ? '左' : which === 'right' ? '右' : which;
