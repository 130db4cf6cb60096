import type { OperationName } from './operations.js'

const bindingFields = {
  'metadata/expires_at': 'BMD-02',
  'metadata/renew_before': 'BMD-08',
  'volume_mounts/*/driver': 'VOL-02',
  'volume_mounts/*/container_dir': 'VOL-03',
  'volume_mounts/*/mode': 'VOL-04',
  'volume_mounts/*/device_type': 'VOL-05',
  'volume_mounts/*/device': 'VOL-06',
  'volume_mounts/*/device/volume_id': 'VOL-07',
  'endpoints/*/host': 'END-01',
  'endpoints/*/ports': 'END-02',
  'endpoints/*/ports/*': 'END-02',
  'endpoints/*/protocol': 'END-03',
} as const

/** Operation → place in the body of its answer → the requirement that rules there; `*` stands for any array index. */
const requirements: Partial<Record<OperationName, Readonly<Record<string, string>>>> = {
  catalog: {
    '': 'CAT-11',
    services: 'CAT-15',
    'services/*/name': 'CAT-17',
    'services/*/id': 'CAT-20',
    'services/*/description': 'CAT-23',
    'services/*/requires/*': 'CAT-24',
    'services/*/bindable': 'CAT-25',
    'services/*/plans': 'CAT-28',
    'services/*/plans/*/id': 'CAT-29',
    'services/*/plans/*/name': 'CAT-32',
    'services/*/plans/*/description': 'CAT-35',
    'services/*/plans/*/maintenance_info/version': 'CAT-41',
    'services/*/dashboard_client/id': 'CEX-02',
    'services/*/dashboard_client/secret': 'CEX-03',
  },
  provision: { dashboard_url: 'PROV-28', operation: 'PROV-32' },
  fetchInstance: { '': 'GETI-08' },
  update: { '': 'UPD-22', operation: 'UPD-46' },
  deprovision: { '': 'DEP-10', operation: 'DEP-26' },
  lastInstanceOperation: { '': 'LOI-08', state: 'LOI-17', description: 'LOI-20' },
  bind: { ...bindingFields, operation: 'BIND-40' },
  fetchBinding: { ...bindingFields, '': 'GETB-07' },
  unbind: { '': 'UNB-11', operation: 'UNB-25' },
  lastBindingOperation: { '': 'LOB-10', state: 'LOB-19' },
}

/**
 * The requirement that a fault at this place of a successful answer's body breaks, when one row of the reference
 * rules just that place.
 * @param path keys and array indices, as in an issue of zod
 * @example requirementOf('catalog', ['services', 0, 'bindable']) // 'CAT-25'
 */
export function requirementOf(operation: OperationName, path: readonly PropertyKey[]): string | undefined {
  const place = path.map((key) => (typeof key === 'number' ? '*' : String(key))).join('/')
  const rows = requirements[operation]
  return rows && Object.hasOwn(rows, place) ? rows[place] : undefined
}

/**
 * The places of a successful answer's body that a row of the reference rules: `services/*\/name` → `CAT-17`, with `*` for
 * any array index and the empty text for the body itself.
 */
export function requirementPlaces(operation: OperationName): Readonly<Record<string, string>> {
  return requirements[operation] ?? {}
}

/**
 * A path of keys and array indices as a JSON pointer (RFC 6901).
 * @example jsonPointer(['services', 0, 'a/b']) // '/services/0/a~1b'
 */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
