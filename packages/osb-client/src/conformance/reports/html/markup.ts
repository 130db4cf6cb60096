import { escapeHtml } from '../escape.js'

/** HTML that is safe to put into a page. Only `markup` and `raw` make it. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = string | number | Markup | undefined | false | readonly Part[]

/** A template whose values are escaped, unless they are markup themselves; nothing is written for `undefined` and `false`. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    strings.map((string, index) => string + (index < parts.length ? textOf(parts[index]) : '')).join(''),
  )
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'object') return part.map(textOf).join('')
  return escapeHtml(String(part))
}

/** Text of this library that is markup already; never what came from outside. */
export const raw = (text: string): Markup => new Markup(text)

/** A text in which what stands between backticks is code, as the rules are written. */
export function prose(text: string): Markup {
  const parts = text.split(/`([^`]+)`/)
  return markup`${parts.map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : part))}`
}
