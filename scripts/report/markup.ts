/**
 * HTML and SVG as text: whatever is no markup is escaped, so that a name or an instruction is never
 * anything but text.
 */

/** Text that may be written as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What an element may hold; null and false are nothing. */
export type Child = Markup | string | number | null | false | readonly Child[];
/** Of an element; null and false are left out, true has no value. */
export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Elements of HTML that have no end. */
const VOID = new Set(['meta', 'br', 'hr', 'link', 'col']);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/**
 * What HTML and XML have no place for: controls, lone halves of code points, and marks that turn the
 * direction of what follows, and with it what a reader believes to see.
 */
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** As text of an element, or the value of an attribute in quotes. */
export function escapeText(text: string): string {
  return text
    .replace(UNPRINTABLE, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** @param name and keys of attributes are the program's own, never data */
export function element(name: string, attributes: Attributes = {}, ...children: Child[]): Markup {
  const said = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined && value !== false)
    .map(([key, value]) => (value === true ? ` ${key}` : ` ${key}="${escapeText(String(value))}"`))
    .join('');
  if (VOID.has(name)) return new Markup(`<${name}${said}>`);
  return new Markup(`<${name}${said}>${textOf(children)}</${name}>`);
}

export function join(children: readonly Child[]): Markup {
  return new Markup(textOf(children));
}

function textOf(child: Child): string {
  if (child === null || child === false) return '';
  if (child instanceof Markup) return child.text;
  if (typeof child === 'object') return child.map(textOf).join('');
  return escapeText(String(child));
}
