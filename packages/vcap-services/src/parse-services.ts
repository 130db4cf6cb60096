import { BoundService, LocatedEntry } from './bound-service.js'
import { toShownPointer } from './pointer.js'
import { invalidStructure, isRecord } from './structure.js'

/**
 * Something odd that a read noticed and went on from.
 *
 * - `DUPLICATE_NAME`: two services share a name; both are kept
 * - `LABEL_MISMATCH`: a service's own label differs from the key that lists it; its own label counts
 * - `FOLDER_WITHOUT_TYPE`: a folder below SERVICE_BINDING_ROOT has no `type` file, and was left out
 * - `RESERVED_NAME`: a file there has the name of an attribute that is there with dashes; it was taken for a credential
 */
export interface VcapWarning {
  readonly code: 'DUPLICATE_NAME' | 'LABEL_MISMATCH' | 'FOLDER_WITHOUT_TYPE' | 'RESERVED_NAME'
  readonly message: string
  /** JSON pointer to the entry, or the folder's name as one. */
  readonly path: string
}

// `default-env.json`, and an answer of Cloud Controller.
const wrappers = /^(?:VCAP_SERVICES|system_env_json)$/

/** Takes a VCAP_SERVICES document apart. Only own keys count, so that `__proto__` is a label like any other. */
export function toEntries(document: unknown, source: string): LocatedEntry[] {
  const place = { source, path: [] }
  if (!isRecord(document)) {
    throw invalidStructure(place, 'an object', document, typeof document === 'string' ? ' (encoded twice?)' : '')
  }
  const entries: LocatedEntry[] = []
  for (const key of Object.keys(document)) {
    const list = document[key]
    if (!Array.isArray(list)) {
      const hint = isRecord(list) && wrappers.test(key) ? ' (the document wanted is inside)' : ''
      throw invalidStructure({ source, path: [key] }, 'an array of services', list, hint)
    }
    for (let index = 0; index < list.length; index++) entries.push(new LocatedEntry(key, list[index], source, index))
  }
  return entries
}

/**
 * Checks entries, in their order.
 *
 * @throws {VcapError} `INVALID_STRUCTURE` at the first field of the wrong kind.
 */
export function parseServices(entries: readonly LocatedEntry[]): { services: BoundService[]; warnings: VcapWarning[] } {
  const names = new Set<string>()
  const warnings: VcapWarning[] = []
  const services = entries.map((located) => {
    const service = new BoundService(located)
    const { name, label } = service
    if (label !== located.key) warnings.push(toWarning('LABEL_MISMATCH', located, label))
    if (name !== null && names.has(name)) warnings.push(toWarning('DUPLICATE_NAME', located, name))
    if (name !== null) names.add(name)
    return service
  })
  return { services, warnings }
}

function toWarning(code: 'LABEL_MISMATCH' | 'DUPLICATE_NAME', { key, path }: LocatedEntry, text: string): VcapWarning {
  const quoted = JSON.stringify(text)
  const message =
    code === 'DUPLICATE_NAME'
      ? `an earlier service is called ${quoted} too`
      : `the label ${quoted} is listed under ${JSON.stringify(key)}`
  return { code, message, path: toShownPointer(path) }
}
