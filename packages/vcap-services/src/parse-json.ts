import { VcapError } from './errors.js'
import { findJsonFault } from './json-fault.js'

/**
 * `JSON.parse`, with a fault named by line, column and path instead of an excerpt.
 *
 * @throws {VcapError} `INVALID_JSON`; without a cause, because the engine's own error quotes the text.
 */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const { reason, line, column, path } = findJsonFault(text) ?? { reason: 'not JSON', line: 1, column: 1, path: '' }
    const inside = path === '' ? '' : `, in ${path}`
    const message = `${source} is not valid JSON: ${reason}, line ${line}, column ${column}${inside}`
    throw new VcapError('INVALID_JSON', message, { line, column, path })
  }
}
