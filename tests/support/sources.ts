import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Source {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** All source files under a folder of the repository; none where it does not exist. */
export function sourcesIn(folder: string): Source[] {
  let entries: string[];
  try {
    entries = readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .filter((name) => /\.(ts|tsx|mts|js|mjs|css)$/.test(name))
    .filter((name) => !/(^|[\\/])(node_modules|dist)[\\/]/.test(name))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .sort()
    .map((path) => ({ path, text: readFileSync(ROOT + path, 'utf8') }));
}

const STRING_OR_COMMENT =
  /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** Source text with its comments blanked. */
export function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (match) => (match.startsWith('/') ? ' ' : match));
}

/** Source text with its comments and the insides of its strings blanked: what is executed. */
export function codeOf(text: string): string {
  return text.replace(STRING_OR_COMMENT, (match) => (match.startsWith('/') ? ' ' : `''`));
}

/** Module specifiers a source imports or re-exports, types and dynamic imports included. */
export function importsOf(text: string): string[] {
  const code = withoutComments(text);
  const patterns = [
    /\b(?:import|export)\b[^'"`;()=]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g,
  ];
  return patterns.flatMap((pattern) => Array.from(code.matchAll(pattern), ([, name]) => name));
}

/** Those of `importsOf` that are still there when the types are gone. */
export function valueImportsOf(text: string): string[] {
  const types = /\b(?:import|export)\s+type\b[^'"`;()=]*?\bfrom\s*['"][^'"]+['"]/g;
  return importsOf(withoutComments(text).replace(types, ''));
}

/** Those of `valueImportsOf` that are loaded with the source, not when they are asked for. */
export function loadedWith(text: string): string[] {
  return valueImportsOf(text.replace(/\bimport\s*\(/g, '('));
}

/** The file in the repository that a relative specifier means; null for a package. */
export function resolveImport(from: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  return posix.join(posix.dirname(from), specifier);
}
