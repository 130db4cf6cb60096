/**
 * What a broker answers goes into reports, and a broker may be hostile. Each function makes a text harmless for one kind
 * of document and loses nothing that a reader needs.
 */

/** Controls but tab and line feed, and what reorders or hides text: nothing of it may reach a terminal or a page. */
const unprintable = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const shown = (character: string): string =>
  named[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`

/** On one line, with everything that is not printable in its escaped form; lone halves of characters become `�`. */
export function toLine(text: string): string {
  return text.toWellFormed().replace(unprintable, shown)
}

/** The same on several lines: line feeds and tabs stay. */
export function toLines(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replace(unprintable, (character) => (character === '\n' || character === '\t' ? character : shown(character)))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const toEntities = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character)

/** For the text and the quoted attributes of HTML. */
export function escapeHtml(text: string): string {
  return toEntities(toLines(text))
}

/** For the text and the quoted attributes of XML 1.0, which has no way to write most control characters. */
export function escapeXml(text: string): string {
  return toEntities(toLines(text)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
}

/** For the message of a workflow command of GitHub Actions: nothing in it can end the command or begin another. */
export function escapeCommand(text: string): string {
  return toLines(text).replaceAll('%', '%25').replaceAll('\n', '%0A')
}

/** For a property of a workflow command of GitHub Actions. */
export function escapeProperty(text: string): string {
  return escapeCommand(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/** For running text of Markdown: no markup, link, mention or HTML comes of it. */
export function escapeMarkdown(text: string): string {
  return toEntities(toLine(text))
    .replace(/[\\`*_{}[\]()#+!|~:-]/g, (character) => `\\${character}`)
    .replaceAll('@', '&#64;')
}

/** A block of code in Markdown, fenced longer than any fence in the text. */
export function codeBlock(text: string, language = ''): string {
  const lines = toLines(text)
  const longest = Math.max(2, ...[...lines.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${lines}\n${fence}`
}
