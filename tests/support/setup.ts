/** Comes before each test file. */
import './equal-numbers.ts';
import { afterAll } from 'vitest';
import { endFile } from './after-file.ts';

afterAll(endFile);
