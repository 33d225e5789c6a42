export { NAME_PATTERN } from '../../policies/config/names.ts';
