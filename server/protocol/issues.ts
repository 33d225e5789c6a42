export { cutText, explainIssues } from '../../policies/config/issues.ts';
