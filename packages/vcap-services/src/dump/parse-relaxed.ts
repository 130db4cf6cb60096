import { quoteAt, readKey, readString, readWord, RelaxedFault, skipSpace, type Token } from './relaxed-tokens.js'
import type { Report } from './repairs.js'

// Far above any real document, and far below what the stack holds.
const maxDepth = 1000

// A quote that is missing or too many makes keys of secrets, alone or with all that stands around them.
const harmless = /^[\p{L}\p{N}_./+ -]{1,64}$/u

/** Stands in a path for a key that must not be shown. */
export const hidden = Symbol('hidden')

/**
 * Reads one JSON value at a place of a text, repairing what people and other languages write: unquoted keys, other
 * quotes, missing and extra commas, comments.
 *
 * @param path grows and shrinks with the place of the parser; at a fault it names where that is
 * @throws {RelaxedFault}
 */
export function parseRelaxed(text: string, start: number, report: Report, path: PropertyKey[]): Token<unknown> {
  if (path.length > maxDepth) throw new RelaxedFault(start, `nested deeper than ${maxDepth} levels`)
  const at = skipSpace(text, start, report)
  const char = text[at]
  if (char === undefined) throw new RelaxedFault(at, 'unexpected end of the text')
  if (char === '{') return parseObject(text, at, report, path)
  if (char === '[') return parseArray(text, at, report, path)
  const quote = quoteAt(text, at)
  return quote === undefined ? readWord(text, at, report) : readString(text, at, quote, report)
}

function parseObject(text: string, start: number, report: Report, path: PropertyKey[]): Token<unknown> {
  const entries = new Map<string, unknown>()
  const end = parseItems(text, start, '}', report, (at) => {
    const key = readKey(text, at, report)
    let colon = skipSpace(text, key.end, report)
    if (text.startsWith('=>', colon)) report('FOREIGN_SYNTAX', colon++)
    else if (text[colon] !== ':') throw new RelaxedFault(colon, 'expected a colon')
    if (entries.has(key.value)) report('DUPLICATE_KEY', at)
    path.push(text[at] === '"' && harmless.test(key.value) ? key.value : hidden)
    const { value, end: behind } = parseRelaxed(text, colon + 1, report, path)
    path.pop()
    entries.set(key.value, value)
    return behind
  })
  return { value: Object.fromEntries(entries), end }
}

function parseArray(text: string, start: number, report: Report, path: PropertyKey[]): Token<unknown> {
  const items: unknown[] = []
  const end = parseItems(text, start, ']', report, (at) => {
    path.push(items.length)
    const { value, end: behind } = parseRelaxed(text, at, report, path)
    path.pop()
    items.push(value)
    return behind
  })
  return { value: items, end }
}

/** Reads what stands between brackets or braces. @returns the offset behind the closing one */
function parseItems(
  text: string,
  start: number,
  closing: string,
  report: Report,
  parseItem: (at: number) => number,
): number {
  let at = skipSpace(text, start + 1, report)
  for (let comma = -1; ;) {
    while (text[at] === ',') {
      report('EXTRA_COMMA', at)
      at = skipSpace(text, at + 1, report)
    }
    if (text[at] === closing) {
      if (comma !== -1) report('EXTRA_COMMA', comma)
      return at + 1
    }
    const end = parseItem(at)
    at = skipSpace(text, end, report)
    comma = text[at] === ',' ? at : -1
    if (comma !== -1) at = skipSpace(text, comma + 1, report)
    else if (at >= text.length) throw new RelaxedFault(at, 'unexpected end of the text')
    else if (text[at] !== closing) {
      if ('}]:'.includes(text[at] as string)) throw new RelaxedFault(at, `expected a comma or a closing ${closing}`)
      report('MISSING_COMMA', end)
    }
  }
}
