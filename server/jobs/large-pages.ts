/**
 * The environment of a process that passes through tens of megabytes again and again, as training does: the C
 * library of Linux then asks for its memory in pages of 2 MB, of which a processor knows more at a time. What
 * someone has set of it stays; others do not know the variable.
 *
 * @see https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html
 */
export function withLargePages(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GLIBC_TUNABLES: given } = environment;
  const tunables = ['glibc.malloc.hugetlb=1', ...(given ? [given] : [])];
  return { ...environment, GLIBC_TUNABLES: tunables.join(':') };
}
