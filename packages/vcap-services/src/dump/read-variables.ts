import { parseRelaxed } from './parse-relaxed.js'
import { match, RelaxedFault } from './relaxed-tokens.js'
import type { Report } from './repairs.js'
import { readShellWord } from './shell-word.js'

/** What a text holds: variables, and documents that stand alone. */
export interface Found {
  readonly name: string | undefined
  readonly value: unknown
  readonly at: number
}

export interface Reading {
  readonly text: string
  readonly report: Report
  /** Where the parser is inside a document, for the message of a fault. */
  readonly path: PropertyKey[]
}

const vcap = /^VCAP_(?:SERVICES|APPLICATION)$/
const assignment =
  /[ \t]*(?:-[ \t]+)?(?:(?:export|declare[ \t]+-x|setx?|env|const|let|var)[ \t]+)?(?:\$env:|process\.env\.)?("?)([A-Za-z_][\w.-]*)[ \t]*([=:])[ \t]*/iy
// Names of environment variable groups may have spaces.
const groupLine = /[ \t]*([^\s:][^:\n]*):[ \t]?/y
const heading = /^(System-Provided|User-Provided|(Running|Staging) Environment Variable Groups):?$/i

/**
 * Finds variables and documents: `NAME=value` of any shell, `NAME: value` of `cf env`, and JSON that begins a line.
 * Other lines are left out.
 *
 * @throws {RelaxedFault}
 */
export function readVariables(reading: Reading): Found[] {
  const { text, report } = reading
  const found: Found[] = []
  let group = ''
  for (let at = nextLine(text, 0); at < text.length;) {
    const line = lineAt(text, at)
    const section = heading.exec(line.trim())
    if (section !== null) {
      if (group === '') report('CF_ENV', at)
      group = section[2] ?? section[1] ?? ''
      at = nextLine(text, at + line.length)
      continue
    }
    const read = readStatement(reading, at, group)
    // What apps see while they are staged is not what they see when they run.
    if (read !== undefined && !/^staging$/i.test(group)) found.push(read.found)
    at = nextLine(text, read?.end ?? at + line.length)
  }
  return found
}

function readStatement(reading: Reading, at: number, group: string): { found: Found; end: number } | undefined {
  const { text } = reading
  // The second is a document that was encoded twice.
  if (match(/[{[]|"\s*[{[]/y, text, at) !== '') {
    return readDocument(reading, at, undefined)
  }
  assignment.lastIndex = at
  const [whole, quote, name, sign] = assignment.exec(text) ?? []
  const isVariable = whole !== undefined && name !== undefined && (sign === '=' || vcap.test(name))
  if (isVariable) return readValue(reading, name, at, at + whole.length, quote === '"')
  if (group === '') return undefined
  groupLine.lastIndex = at
  const [entry, key] = groupLine.exec(text) ?? []
  if (entry === undefined || key === undefined) return undefined
  const start = at + entry.length
  const value = lineAt(text, start)
  return { found: { name: key, value: value.trimEnd(), at }, end: start + value.length }
}

function readValue(reading: Reading, name: string, at: number, from: number, isQuotedWhole: boolean) {
  const { text, report } = reading
  const isVcap = vcap.test(name)
  if (isVcap) report('ASSIGNMENT', at)
  // The documentation has a line break behind the sign.
  const below = isVcap ? from + match(/\s*(?=[{['"])/y, text, from).length : from
  const char = text[below] ?? ''
  if (isVcap && /[{[]/.test(char)) return readDocument(reading, below, name, isQuotedWhole)
  if (/['"]/.test(char)) return readQuoted(reading, name, below, /\$env:/i.test(text.slice(at, from)))
  const line = lineAt(text, from)
  const value = isQuotedWhole ? line.trimEnd().replace(/"$/, '') : line.trimEnd()
  return { found: { name, value, at: from }, end: from + line.length }
}

function readDocument(reading: Reading, at: number, name: string | undefined, isQuotedWhole = false) {
  const { text, report, path } = reading
  const { value, end } = parseRelaxed(text, at, report, path)
  return { found: { name, value, at }, end: skipTrail(reading, isQuotedWhole && text[end] === '"' ? end + 1 : end) }
}

/** A stray backtick, quote or brace behind a value is left out, and so is the rest of its line. */
function skipTrail({ text, report }: Reading, from: number): number {
  const trail = lineAt(text, from)
  const rest = trail.replace(/^[ \t;]+/, '').trimEnd()
  const isDocument = /^[{[]/.test(rest)
  if (rest !== '' && !isDocument) report('TRAILING_TEXT', from + trail.indexOf(rest))
  return isDocument ? from + trail.indexOf(rest) : from + trail.length
}

function readQuoted(reading: Reading, name: string, at: number, isPowerShell: boolean) {
  const { text, report, path } = reading
  if (!vcap.test(name)) {
    const word = tryWord(text, at, isPowerShell)
    const line = lineAt(text, at)
    return word === undefined
      ? { found: { name, value: line.trimEnd(), at }, end: at + line.length }
      : { found: { name, value: word.value, at }, end: skipTrail({ ...reading, report: () => undefined }, word.end) }
  }
  report('SHELL_QUOTES', at)
  // Quotes inside that nobody escaped: the outer ones mean nothing.
  if (match(/"\s*[{[]\s*["\]}]/y, text, at) !== '') return readDocument(reading, at + 1, name, true)
  const word = readShellWord(text, at, isPowerShell)
  const inside: Report = (code, offset) => report(code, word.origin(offset))
  try {
    const { value, end } = parseRelaxed(word.value, 0, inside, path)
    if (word.value.slice(end).trim() !== '') inside('TRAILING_TEXT', end)
    return { found: { name, value, at }, end: skipTrail(reading, word.end) }
  } catch (error) {
    throw error instanceof RelaxedFault ? new RelaxedFault(word.origin(error.at), error.reason) : error
  }
}

function tryWord(text: string, at: number, isPowerShell: boolean) {
  try {
    return readShellWord(text, at, isPowerShell)
  } catch {
    return undefined
  }
}

function lineAt(text: string, at: number): string {
  const end = text.indexOf('\n', at)
  return text.slice(at, end === -1 ? text.length : end)
}

/** The next character that is no space. */
function nextLine(text: string, from: number): number {
  return from + match(/\s*/y, text, from).length
}
