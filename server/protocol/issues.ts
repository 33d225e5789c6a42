export { cutText, explainIssues } from '../../policies/spec/issues.ts';
