import type { Command } from 'commander';
import { defineDraw } from './pictures-draw.ts';
import { defineTrainPictures } from './pictures-train.ts';

export function definePictures(pictures: Command): void {
  defineTrainPictures(pictures.command('train'));
  defineDraw(pictures.command('draw'));
}
