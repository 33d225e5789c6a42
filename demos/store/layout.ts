/** Where things are in a dataset's directory. Paths are relative to it, with forward slashes. */
export const INFO_PATH = 'meta/info.json';
export const STATS_PATH = 'meta/stats.json';
export const TASKS_PATH = 'meta/tasks.parquet';
export const EPISODES_PATH = 'meta/episodes/chunk-000/file-000.parquet';
export const DATA_PATH = 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet';
/** Readers load whatever lies two levels below `data`, so unfinished files stand elsewhere. */
export const STAGING = '.staging';

/** Files in a folder of `data`. */
export const CHUNK_SIZE = 1000;

/** Which file holds an episode, LeRobot's two numbers. */
export function dataFile(episode: number): { chunk: number; file: number } {
  return { chunk: Math.floor(episode / CHUNK_SIZE), file: episode % CHUNK_SIZE };
}

export function dataPath(episode: number): string {
  const { chunk, file } = dataFile(episode);
  return `data/chunk-${pad(chunk)}/file-${pad(file)}.parquet`;
}

const pad = (index: number) => String(index).padStart(3, '0');

const CHUNK_NAME = /^chunk-(\d{3,})$/;
const FILE_NAME = /^file-(\d{3,})\.parquet$/;

/** The number of a folder of `data`; null where it is none of ours. */
export function chunkOf(name: string): number | null {
  const match = CHUNK_NAME.exec(name);
  return match && Number(match[1]);
}

/** The episode a file of a folder of `data` belongs to; null where it is none of ours. */
export function episodeOf(chunk: number, name: string): number | null {
  const match = FILE_NAME.exec(name);
  return match && chunk * CHUNK_SIZE + Number(match[1]);
}
