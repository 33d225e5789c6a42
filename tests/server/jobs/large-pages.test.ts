import { expect, it } from 'vitest';
import { withLargePages } from '../../../server/jobs/large-pages.ts';

it.each([
  [{ PATH: '/bin' }, 'glibc.malloc.hugetlb=1'],
  // Of what is said twice, the C library takes the last.
  [{ GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' }, 'glibc.malloc.hugetlb=1:glibc.malloc.hugetlb=0'],
])('large pages are asked for, unless someone has said otherwise', (environment, tunables) => {
  expect(withLargePages(environment)).toEqual({ ...environment, GLIBC_TUNABLES: tunables });
});
