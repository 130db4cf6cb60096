import { VcapError } from '../errors.js'
import { mask } from '../mask.js'
import { toShownPointer } from '../pointer.js'
import { isRecord, type UnknownRecord } from '../structure.js'
import { decodeText } from './decode-text.js'
import { hidden, parseRelaxed } from './parse-relaxed.js'
import { readVariables, type Found, type Reading } from './read-variables.js'
import { RelaxedFault } from './relaxed-tokens.js'
import { makeLocator, toRepairs, type DumpRepair, type RepairCode } from './repairs.js'

/** The variables that a text holds. */
export interface VcapDump {
  /**
   * Environment variables, for the option `env` of `readVcapServices` and `readVcapApplication`. `VCAP_SERVICES` and
   * `VCAP_APPLICATION` are valid JSON. Logs and JSON show the object as `[hidden]`; its fields are plain.
   */
  readonly env: Readonly<Record<string, string>>
  /** What had to be repaired, in the order of the text; empty for a plain JSON document. */
  readonly repairs: readonly DumpRepair[]
}

// Later groups win, as in a running app. The first names are of version 3 of the API, the last of version 2.
const answerGroups = [
  'running_env_json',
  'environment_variables',
  'environment_json',
  'system_env_json',
  'application_env_json',
]
const vcapNames = ['VCAP_SERVICES', 'VCAP_APPLICATION']

/**
 * Reads VCAP_SERVICES and VCAP_APPLICATION out of what people have at hand: the output of `cf env` (versions 6 to 8) or
 * `env`, `default-env.json`, a dotenv file, shell and Windows scripts, an answer of Cloud Controller, a document from
 * the documentation. It repairs what is not JSON, and says what it repaired.
 *
 * Meant for people, tests and tools. An app reads its own environment strictly, with `readVcapServices`.
 *
 * @param input the text, or bytes in UTF-8 or UTF-16
 * @throws {VcapError} `INVALID_JSON` where no repair helps, with `line`, `column` and `path`; `NOT_SET` when the text
 *   holds neither variable.
 * @example
 * const { env, repairs } = parseDump(await readFile('env.txt'))
 * const services = readVcapServices({ env })
 */
export function parseDump(input: string | Uint8Array): VcapDump {
  const { text, repairs: found } = decodeText(input)
  const reading: Reading = { text, path: [], report: (code, at) => found.push([code, at]) }
  const env = new Map<string, string>()
  try {
    for (const part of readVariables(reading)) take(reading, env, part)
  } catch (error) {
    throw error instanceof RelaxedFault ? toVcapError(text, error, reading.path) : error
  }
  if (!vcapNames.some((name) => env.has(name))) {
    throw new VcapError('NOT_SET', `the text holds neither ${vcapNames.join(' nor ')}`)
  }
  return { env: mask(Object.fromEntries(env)), repairs: toRepairs(text, withoutDoubles(found)) }
}

function toVcapError(text: string, { at, reason }: RelaxedFault, path: readonly PropertyKey[]): VcapError {
  const place = makeLocator(text)(at)
  // As in strict errors: deeper down, a misplaced quote can make a secret look like a key.
  const shown = path.includes(hidden) ? path.slice(0, path.indexOf(hidden)) : path
  const pointer = toShownPointer(shown.slice(0, 3))
  const inside = pointer === '' ? '' : `, in ${pointer}`
  const message = `the text cannot be repaired: ${reason}, line ${place.line}, column ${place.column}${inside}`
  return new VcapError('INVALID_JSON', message, { ...place, path: pointer })
}

function withoutDoubles(found: readonly [RepairCode, number][]): [RepairCode, number][] {
  return [...new Map(found.map((repair) => [repair.join(), repair])).values()]
}

/** Takes what was found: a variable, or a document that is one or holds some. */
function take(reading: Reading, env: Map<string, string>, { name, value, at }: Found): void {
  if (name !== undefined) return setVariable(reading, env, name, value, at)
  if (typeof value === 'string' && isDocument(value)) {
    reading.report('WRAPPER', at)
    return take(reading, env, { name, value: parseInner(reading, value, at), at })
  }
  if (!isRecord(value)) throw new RelaxedFault(at, 'expected an object')
  const groups = answerGroups.filter((group) => Object.hasOwn(value, group))
  if (groups.length > 0) {
    reading.report('WRAPPER', at)
    for (const group of groups) if (isRecord(value[group])) setVariables(reading, env, value[group], at)
  } else if (vcapNames.some((vcapName) => Object.hasOwn(value, vcapName)) || hasOnlyScalars(value)) {
    reading.report('WRAPPER', at)
    setVariables(reading, env, value, at)
  } else setVariable(reading, env, isApplication(value) ? 'VCAP_APPLICATION' : 'VCAP_SERVICES', value, at)
}

function isDocument(text: string): boolean {
  return /^\s*[{["]/.test(text)
}

function isApplication(value: UnknownRecord): boolean {
  return ['application_id', 'application_name'].some((field) => typeof value[field] === 'string')
}

function hasOnlyScalars(value: UnknownRecord): boolean {
  const fields = Object.values(value)
  return fields.length > 0 && fields.every((field) => typeof field !== 'object' || field === null)
}

function setVariables(reading: Reading, env: Map<string, string>, values: UnknownRecord, at: number): void {
  for (const [name, value] of Object.entries(values)) setVariable(reading, env, name, value, at)
}

function setVariable(reading: Reading, env: Map<string, string>, name: string, value: unknown, at: number): void {
  if (value === null || value === undefined) return
  let text = typeof value === 'string' ? value : JSON.stringify(value)
  if (vcapNames.includes(name) && typeof value === 'string') {
    // `export VCAP_SERVICES=$VCAP_SERVICES` and the like say nothing about its value.
    if (!isDocument(value)) return
    text = JSON.stringify(parseInner(reading, value, at))
  }
  if (env.has(name)) reading.report('DUPLICATE_VARIABLE', at)
  env.set(name, text)
}

/** Reads a document that lies in a string; its places are those of the string. */
function parseInner({ report }: Reading, text: string, at: number): unknown {
  try {
    const { value, end } = parseRelaxed(text, 0, (code) => report(code, at), [])
    if (text.slice(end).trim() !== '') report('TRAILING_TEXT', at)
    return value
  } catch (error) {
    throw error instanceof RelaxedFault ? new RelaxedFault(at, error.reason) : error
  }
}
