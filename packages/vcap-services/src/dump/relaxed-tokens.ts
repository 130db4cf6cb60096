import type { Report } from './repairs.js'

/** A fault that no repair helps with. */
export class RelaxedFault extends Error {
  readonly at: number
  readonly reason: string

  constructor(at: number, reason: string) {
    super(reason)
    this.at = at
    this.reason = reason
  }
}

/** A value and the offset behind it. */
export interface Token<Value> {
  readonly value: Value
  readonly end: number
}

const closings: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '\u201c': '\u201d\u201c',
  '\u201d': '\u201d',
  '\u2018': '\u2019\u2018',
  '\u2019': '\u2019',
}
const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '\n': '' }
const foreign: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['None', null],
  ['nil', null],
  ['undefined', null],
  ['True', true],
  ['False', false],
])

/** Steps over space and comments. */
export function skipSpace(text: string, from: number, report: Report): number {
  for (let at = from; ;) {
    const space = match(/[\s\ufeff]*/y, text, at)
    at += space.length
    const comment = match(/\/\/[^\n]*|#[^\n]*|\/\*/y, text, at)
    if (comment === '') return at
    report('COMMENT', at)
    at = comment === '/*' ? endOfBlock(text, at) : at + comment.length
  }
}

function endOfBlock(text: string, at: number): number {
  const close = text.indexOf('*/', at + 2)
  if (close === -1) throw new RelaxedFault(at, 'a comment without its end')
  return close + 2
}

/** The mark of a quoted text at this place, which Python may write `u'`. */
export function quoteAt(text: string, at: number): Token<string> | undefined {
  const prefix = match(/[uUbB](?=['"])/y, text, at)
  const quote = text[at + prefix.length] ?? ''
  return closings[quote] === undefined ? undefined : { value: quote, end: at + prefix.length + 1 }
}

/** Reads a quoted text, with any quotes and escapes. */
export function readString(text: string, at: number, quote: Token<string>, report: Report): Token<string> {
  if (quote.end - at > 1) report('FOREIGN_SYNTAX', at)
  else if (quote.value !== '"') report('SINGLE_QUOTES', at)
  const closing = closings[quote.value] as string
  const parts: string[] = []
  let hasBreak = false
  let from = quote.end
  for (let end = from; end < text.length; end++) {
    const char = text[end] as string
    if (closing.includes(char)) return { value: parts.join('') + text.slice(from, end), end: end + 1 }
    if (char < ' ' && !hasBreak) {
      hasBreak = true
      report('CONTROL_CHARACTER', end)
    }
    if (char !== '\\') continue
    const escape = readEscape(text, end, report)
    parts.push(text.slice(from, end), escape.value)
    from = escape.end
    end = from - 1
  }
  throw new RelaxedFault(at, 'a string without its end')
}

function readEscape(text: string, at: number, report: Report): Token<string> {
  const char = text[at + 1] ?? ''
  const code = match(/u[\da-fA-F]{4}|x[\da-fA-F]{2}/y, text, at + 1)
  if (code !== '') {
    if (code.startsWith('x')) report('FOREIGN_SYNTAX', at)
    return { value: String.fromCharCode(Number.parseInt(code.slice(1), 16)), end: at + 1 + code.length }
  }
  if ('"\\/'.includes(char) && char !== '') return { value: char, end: at + 2 }
  if (closings[char] !== undefined) return { value: char, end: at + 2 }
  const known = escapes[char]
  if (known === undefined) report('UNKNOWN_ESCAPE', at)
  return known === undefined ? { value: `\\${char}`, end: at + 2 } : { value: known, end: at + 2 }
}

const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=\s*(?:[,\]}\n\r]|\/[/*]|#|$))/y

/** Reads a number, a literal, or a text without quotes, to the end of its line at most. */
export function readWord(text: string, at: number, report: Report): Token<unknown> {
  const plain = match(literal, text, at)
  if (plain !== '') {
    const value: unknown = JSON.parse(plain)
    if (/^-?\d+$/.test(plain) && !Number.isSafeInteger(value)) report('INEXACT_NUMBER', at)
    return { value, end: at + plain.length }
  }
  const raw = match(/[^,\]}\n\r]*/y, text, at).trimEnd()
  if (raw === '' || /["'`{[]/.test(raw)) throw new RelaxedFault(at, 'expected a value')
  const word = foreign.get(raw)
  report(word === undefined ? 'UNQUOTED_VALUE' : 'FOREIGN_SYNTAX', at)
  return { value: word === undefined ? raw : word, end: at + raw.length }
}

/** Reads a property name, with or without quotes. */
export function readKey(text: string, at: number, report: Report): Token<string> {
  const quote = quoteAt(text, at)
  if (quote !== undefined) return readString(text, at, quote, report)
  const name = match(/[^\s:=,{}[\]"'`](?:[^:=,{}[\]"'`\n]*[^\s:=,{}[\]"'`])?/y, text, at)
  if (name === '') throw new RelaxedFault(at, at >= text.length ? 'unexpected end of the text' : 'expected a property')
  report('UNQUOTED_KEY', at)
  return { value: name, end: at + name.length }
}

/** What a sticky expression matches at a place; empty when it does not. */
export function match(expression: RegExp, text: string, at: number): string {
  expression.lastIndex = at
  return expression.exec(text)?.[0] ?? ''
}
