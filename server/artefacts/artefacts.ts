/**
 * Where files lie that machines share: a directory on a disk that all of them have, or an object store.
 * Names are relative, with "/" between a folder and what is in it.
 */
export interface Artefacts {
  /** As people name it, without secrets. */
  readonly place: string;
  /** What people call a file there. */
  pathOf(name: string): string;
  /**
   * Names that begin like that, of files in the same folder, in the order of their characters; none where
   * there is no such folder.
   *
   * @throws FileError 'not-regular', 'too-large'
   */
  list(beginning: string): Promise<string[]>;
  /**
   * @param most bytes that are believed; nothing is read of what claims more
   * @throws FileError 'missing', 'not-regular', 'too-large'
   */
  read(name: string, most: number): Promise<Uint8Array>;
  /** Replaces or creates a file: whoever reads finds the old content or the new one, never a part. */
  write(name: string, content: Uint8Array | string): Promise<void>;
  /**
   * The same where there is none yet.
   *
   * @returns whether it was written
   */
  create(name: string, content: Uint8Array | string): Promise<boolean>;
  /** Nothing where there is none. */
  remove(name: string): Promise<void>;
}
