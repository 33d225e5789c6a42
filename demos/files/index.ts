/**
 * What keeps files whole: written aside and renamed, read only as regular files of a bounded size,
 * one writer at a time, and never a step through a link.
 */
export {
  ensureDirectory,
  isTemporary,
  makeDirectory,
  placeDirectory,
  placeFile,
  removeTemporaries,
  syncDirectory,
  temporaryPath,
  type WriteOptions,
  writeFileAtomic,
  writeFileDurably,
} from './atomic.ts';
export {
  FILE_ERROR_CODES,
  FileError,
  type FileErrorCode,
  isFileSystemError,
  isSystemError,
} from './errors.ts';
export { acquireLock, acquireUse, LEASE, type Lock, tryLock } from './lock.ts';
export { inspectOwner, ownerTag } from './owner.ts';
export {
  findDirectory,
  isMissing,
  listDirectory,
  openRegular,
  type RegularFile,
  readBytes,
  readRegular,
  unlessMissing,
} from './read.ts';
export { describeBrokenSeal, openSealed, sealJson, sha256 } from './sealed.ts';
