/**
 * What {@link parseDump} did to read a text that is not plain JSON.
 *
 * - `ENCODING`: a byte order mark, UTF-16, bytes that are not UTF-8, or colours of a terminal
 * - `ASSIGNMENT`: the value of `NAME=`, `export NAME=`, `SET NAME=`, `$env:NAME =` or `NAME:` was taken
 * - `SHELL_QUOTES`: quotes of a shell around the value were taken away
 * - `CF_ENV`: the text of `cf env` was taken apart
 * - `WRAPPER`: the document lay inside another one: `default-env.json`, an answer of Cloud Controller, encoded twice
 * - `UNQUOTED_KEY`, `UNQUOTED_VALUE`, `SINGLE_QUOTES` (typographic ones too), `MISSING_COMMA`, `EXTRA_COMMA`, `COMMENT`
 * - `CONTROL_CHARACTER`: a string with a line break or the like in it
 * - `UNKNOWN_ESCAPE`: a backslash that means nothing in JSON was kept as it stands
 * - `FOREIGN_SYNTAX`: `None`, `True`, `u'…'` of Python, `nil` and `=>` of Ruby, `undefined` of JavaScript
 * - `INEXACT_NUMBER`: an integer with more digits than JavaScript keeps
 * - `DUPLICATE_KEY`, `DUPLICATE_VARIABLE`: the last one counts
 * - `TRAILING_TEXT`: what stands behind a value was left out
 */
export type RepairCode =
  | 'ENCODING'
  | 'ASSIGNMENT'
  | 'SHELL_QUOTES'
  | 'CF_ENV'
  | 'WRAPPER'
  | 'UNQUOTED_KEY'
  | 'UNQUOTED_VALUE'
  | 'SINGLE_QUOTES'
  | 'MISSING_COMMA'
  | 'EXTRA_COMMA'
  | 'COMMENT'
  | 'CONTROL_CHARACTER'
  | 'UNKNOWN_ESCAPE'
  | 'FOREIGN_SYNTAX'
  | 'INEXACT_NUMBER'
  | 'DUPLICATE_KEY'
  | 'DUPLICATE_VARIABLE'
  | 'TRAILING_TEXT'

const messages: Readonly<Record<RepairCode, string>> = {
  ENCODING: 'the text was decoded again, or marks were taken out of it',
  ASSIGNMENT: 'the value of an assignment was taken',
  SHELL_QUOTES: 'quotes of a shell were taken away',
  CF_ENV: 'the text of cf env was taken apart',
  WRAPPER: 'the document lay inside another one',
  UNQUOTED_KEY: 'a property name without quotes',
  UNQUOTED_VALUE: 'a text without quotes',
  SINGLE_QUOTES: 'quotes that JSON does not know',
  MISSING_COMMA: 'a comma is missing here',
  EXTRA_COMMA: 'a comma too many',
  COMMENT: 'a comment was left out',
  CONTROL_CHARACTER: 'a line break or control character inside a string',
  UNKNOWN_ESCAPE: 'a backslash that means nothing in JSON was kept',
  FOREIGN_SYNTAX: 'a word or sign of another language',
  INEXACT_NUMBER: 'an integer with more digits than JavaScript keeps',
  DUPLICATE_KEY: 'the object has this key already; the last one counts',
  DUPLICATE_VARIABLE: 'the variable was set before; the last one counts',
  TRAILING_TEXT: 'what stands behind the value was left out',
}

/** One thing that was repaired. It quotes nothing of the text. */
export interface DumpRepair {
  readonly code: RepairCode
  readonly message: string
  /** Line in the decoded text, counted from 1. */
  readonly line: number
  /** Column in UTF-16 code units, counted from 1. */
  readonly column: number
}

// What says in which form the text came, and not that anything in it is wrong.
const forms: readonly RepairCode[] = ['ENCODING', 'ASSIGNMENT', 'SHELL_QUOTES', 'CF_ENV', 'WRAPPER']

/** Whether a repair tells of a fault in the document, and not just of the form that it came in. */
export function isFault({ code }: DumpRepair): boolean {
  return !forms.includes(code)
}

/** Says that something at an offset of the text was repaired. */
export type Report = (code: RepairCode, at: number) => void

/** Places in a text by line and column. */
export function makeLocator(text: string): (at: number) => { line: number; column: number } {
  const starts = [0]
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return (at) => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] as number) <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - (starts[low] as number) + 1 }
  }
}

/** Repairs with their places, in the order of the text. */
export function toRepairs(text: string, found: readonly (readonly [RepairCode, number])[]): DumpRepair[] {
  const locate = makeLocator(text)
  const ordered = [...found].sort(([, left], [, right]) => left - right)
  return ordered.map(([code, at]) => ({ code, message: messages[code], ...locate(at) }))
}
