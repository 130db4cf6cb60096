import { readFileSync } from 'node:fs'
import { readBindingFolders } from './binding-folders.js'
import { parseJson } from './parse-json.js'
import { parseServices, toEntries } from './parse-services.js'
import { chooseVariable, readNamedBy, setVariables, type Environment } from './sources.js'
import { VcapServices } from './vcap-services.js'

export interface ReadVcapServicesOptions {
  /** A VCAP_SERVICES document, as JSON text or as the object. When given, the environment is not read. */
  readonly value?: string | object
  /** @default process.env */
  readonly env?: Environment
}

/**
 * Reads the services bound to this app from the first source that is given, and from that one alone: the option
 * `value`, the file of `VCAP_SERVICES_FILE_PATH`, the folders of `SERVICE_BINDING_ROOT`, the variable `VCAP_SERVICES`.
 *
 * @throws {VcapError} `NOT_SET`; `UNREADABLE` when a path is set and cannot be read, whatever else is set;
 *   `INVALID_JSON`; `INVALID_STRUCTURE`.
 * @example
 * const services = readVcapServices()
 * const { uri } = services.credentials({ label: 'collector' }, z.object({ uri: z.url() }))
 */
export function readVcapServices({ value, env = process.env }: ReadVcapServicesOptions = {}): VcapServices {
  if (value !== undefined) {
    const { services, warnings } = parseDocument(value, 'the given value')
    return new VcapServices(services, { from: 'value', alsoSet: setVariables(env) }, warnings)
  }
  const { from, text, alsoSet } = chooseVariable(env)
  if (from === 'VCAP_SERVICES') {
    const { services, warnings } = parseDocument(text, from)
    return new VcapServices(services, { from, alsoSet }, warnings)
  }
  if (from === 'VCAP_SERVICES_FILE_PATH') {
    const content = readNamedBy(from, 'the file', () => readFileSync(text, 'utf8'))
    const { services, warnings } = parseDocument(content, `the file of ${from}`)
    return new VcapServices(services, { from, path: text, alsoSet }, warnings)
  }
  const folders = readBindingFolders(text)
  const { services, warnings } = parseServices(folders.entries)
  return new VcapServices(services, { from, path: text, alsoSet }, [...folders.warnings, ...warnings])
}

function parseDocument(value: string | object, source: string) {
  const document = typeof value === 'string' ? parseJson(value, source) : value
  return parseServices(toEntries(document, source))
}
