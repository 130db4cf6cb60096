import { readFileSync } from 'node:fs'
import { readBindingFolders } from './binding-folders.js'
import { parseJson } from './parse-json.js'
import { parseServices, toEntries } from './parse-services.js'
import { notSet, readNamedBy, setVariables, type Environment, type VcapSource } from './sources.js'
import { VcapServices } from './vcap-services.js'

export interface ReadVcapServicesOptions {
  /** A VCAP_SERVICES document, as JSON text or as the object. When given, the environment is not read. */
  readonly value?: string | object
  /** @default process.env */
  readonly env?: Environment
  /**
   * Refuse JSON with a key that stands twice in one object, of which `JSON.parse` keeps the last in silence.
   *
   * @default false
   */
  readonly strict?: boolean
}

/**
 * Reads the services bound to this app from the first source that is given, and from that one alone: the option
 * `value`, the file of `VCAP_SERVICES_FILE_PATH`, the folders of `SERVICE_BINDING_ROOT`, the variable `VCAP_SERVICES`.
 *
 * @throws {VcapError} `NOT_SET`; `UNREADABLE` when a path is set and cannot be read, whatever else is set;
 *   `INVALID_JSON`; `DUPLICATE_KEY` with `strict`; `INVALID_STRUCTURE`.
 * @example
 * const services = readVcapServices()
 * const { uri } = services.credentials({ label: 'collector' }, z.object({ uri: z.url() }))
 */
export function readVcapServices({ value, env = process.env, strict }: ReadVcapServicesOptions = {}): VcapServices {
  const set = setVariables(env)
  const [from, text] = value === undefined ? (set.shift() ?? [undefined, '']) : (['value', ''] as const)
  if (from === undefined) throw notSet()
  const alsoSet = set.map(([variable]) => variable)
  const { entries, warnings } =
    from === 'SERVICE_BINDING_ROOT'
      ? readBindingFolders(text)
      : { entries: toEntries(readDocument(from, value ?? text, strict), nameOf(from)), warnings: [] }
  const parsed = parseServices(entries)
  const source: VcapSource =
    from === 'value' || from === 'VCAP_SERVICES' ? { from, alsoSet } : { from, path: text, alsoSet }
  return new VcapServices(parsed.services, source, [...warnings, ...parsed.warnings])
}

function readDocument(from: VcapSource['from'], given: string | object, strict?: boolean): unknown {
  if (typeof given !== 'string') return given
  const isPath = from === 'VCAP_SERVICES_FILE_PATH'
  const text = isPath ? readNamedBy(from, 'the file', () => readFileSync(given, 'utf8')) : given
  return parseJson(text, nameOf(from), strict)
}

function nameOf(from: VcapSource['from']): string {
  if (from === 'value') return 'the given value'
  return from === 'VCAP_SERVICES' ? from : `the file of ${from}`
}
