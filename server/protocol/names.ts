export { NAME_PATTERN } from '../../policies/spec/names.ts';
