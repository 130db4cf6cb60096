import { VcapError } from './errors.js'
import { findJsonFault, type JsonFault } from './json-fault.js'

// What the engine refused and the scan did not; no such text is known.
const noFault: JsonFault = { reason: 'not JSON', line: 1, column: 1, path: '' }

/**
 * `JSON.parse`, with a fault named by line, column and path instead of an excerpt.
 *
 * @throws {VcapError} `INVALID_JSON`; `DUPLICATE_KEY` with `uniqueKeys`. Without a cause, because the engine's own error
 *   quotes the text.
 */
export function parseJson(text: string, source: string, uniqueKeys = false): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw faultError('INVALID_JSON', 'is not valid JSON', text, source)
  }
  // Counting is cheap, and finds that there is a repeated key; where it is takes a scan.
  if (uniqueKeys && countKeysOf(value) !== countKeysIn(text)) {
    throw faultError('DUPLICATE_KEY', 'is ambiguous', text, source)
  }
  return value
}

function faultError(code: 'INVALID_JSON' | 'DUPLICATE_KEY', what: string, text: string, source: string): VcapError {
  const { reason, ...place } = findJsonFault(text, code === 'DUPLICATE_KEY') ?? noFault
  const inside = place.path === '' ? '' : `, in ${place.path}`
  return new VcapError(code, `${source} ${what}: ${reason}, line ${place.line}, column ${place.column}${inside}`, place)
}

// A list that grows while it is walked, instead of a recursion: documents may be nested deeper than the stack.
function countKeysOf(value: unknown): number {
  let count = 0
  const found = [value]
  for (const item of found) {
    if (typeof item !== 'object' || item === null) continue
    for (const part of Object.values(item)) found.push(part)
    if (!Array.isArray(item)) count += Object.keys(item).length
  }
  return count
}

/** The keys that stand in a valid JSON text: its strings with a colon behind them. */
function countKeysIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at)) {
    at = endOfString(text, at) + 1
    while (text.charCodeAt(at) <= 0x20) at++
    if (text[at] === ':') count++
  }
  return count
}

function endOfString(text: string, start: number): number {
  for (let end = start; ;) {
    end = text.indexOf('"', end + 1)
    let before = end
    while (text[before - 1] === '\\') before--
    if ((end - before) % 2 === 0) return end
  }
}
