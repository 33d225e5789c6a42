import type { Command } from 'commander';
import { defineDraw } from './pictures-draw.ts';
import { defineEvaluatePictures } from './pictures-evaluate.ts';
import { defineExportPainter } from './pictures-export.ts';
import { defineGeneratePictures } from './pictures-generate.ts';
import { defineReflow } from './pictures-reflow.ts';
import { defineReproducePictures } from './pictures-reproduce.ts';
import { defineScorePictures } from './pictures-score.ts';
import { defineTrainPictures } from './pictures-train.ts';

export function definePictures(pictures: Command): void {
  defineGeneratePictures(pictures.command('generate'));
  defineTrainPictures(pictures.command('train'));
  defineReflow(pictures.command('reflow'));
  defineDraw(pictures.command('draw'));
  defineEvaluatePictures(pictures.command('evaluate'));
  defineExportPainter(pictures.command('export'));
  defineReproducePictures(pictures.command('reproduce'));
  defineScorePictures(pictures.command('score'));
}
