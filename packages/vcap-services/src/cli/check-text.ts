import { isFault, parseDump, type DumpRepair } from '../dump.js'
import { isVcapError, readVcapApplication, readVcapServices, type VcapServices } from '../index.js'

// MAX_ARG_STRLEN of Linux, with the name and the sign before the value; Cloud Controller's limit for both forms of files.
const maxVariableBytes = 131_072
const maxFileBytes = 1_000_000

/** What there is to say about a text, a line each. */
export interface Verdict {
  /** About the form that it came in. */
  readonly notes: readonly string[]
  /** What is wrong or odd. */
  readonly findings: readonly string[]
}

/**
 * Judges a document or dump.
 *
 * @throws {VcapError} when it cannot be read at all
 */
export function checkText(bytes: Uint8Array): Verdict {
  const { env, repairs } = parseDump(bytes)
  const describe = ({ code, message, line, column }: DumpRepair) => `${line}:${column} ${code}: ${message}`
  return {
    notes: repairs.filter((repair) => !isFault(repair)).map(describe),
    findings: [
      ...repairs.filter(isFault).map(describe),
      ...(env.VCAP_APPLICATION === undefined ? [] : faultOf(() => readVcapApplication({ env }))),
      ...(env.VCAP_SERVICES === undefined ? [] : checkServices(env.VCAP_SERVICES)),
    ],
  }
}

function checkServices(value: string): string[] {
  return [...checkSize(Buffer.byteLength(value)), ...faultOf(() => readVcapServices({ value }), oddities)]
}

function checkSize(length: number): string[] {
  if (length > maxFileBytes) return [`SIZE: ${length} bytes; Cloud Foundry refuses more than ${maxFileBytes}`]
  const isTooLong = length + 'VCAP_SERVICES='.length >= maxVariableBytes
  return isTooLong ? [`SIZE: ${length} bytes; a variable of Linux holds ${maxVariableBytes}, so it needs a file`] : []
}

function faultOf<Value>(read: () => Value, inspect: (value: Value) => string[] = () => []): string[] {
  try {
    return inspect(read())
  } catch (error) {
    if (isVcapError(error)) return [`${error.code}: ${error.message}`]
    throw error
  }
}

function oddities({ all, warnings }: VcapServices): string[] {
  const refs = all.flatMap((service) => faultOf(() => service.credentials))
  const nameless = all
    .filter(({ name }) => name === null)
    .map(({ label }) => `NO_NAME: a service of ${JSON.stringify(label)} has no name`)
  return [...warnings.map(({ code, message, path }) => `${path} ${code}: ${message}`), ...nameless, ...refs]
}
