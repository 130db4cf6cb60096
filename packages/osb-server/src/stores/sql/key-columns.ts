import { createHash } from 'node:crypto'
import type { ResourceKey } from '../broker-store.js'
import { StoreError } from '../store-error.js'
import type { ResourceRow } from './tables.js'

export type KeyColumns = Pick<ResourceRow, 'tenant' | 'instance_id' | 'binding_id'>

/** PostgreSQL indexes at most 2,704 bytes of a row; the three parts have to fit together. */
const maxIndexedBytes = 800

/**
 * Text as JSON writes it between quotes. libsql cuts texts at NUL and PostgreSQL refuses it, neither can hold half of a
 * surrogate pair; escaped, every text is kept, and no two become the same.
 */
export function escapeText(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

export function unescapeText(text: string): string {
  return JSON.parse(`"${text}"`) as string
}

/** The columns that find a record. */
export function toKeyColumns({ tenant, instance_id, binding_id }: ResourceKey): KeyColumns {
  return {
    tenant: toKeyText(tenant),
    instance_id: toKeyText(instance_id),
    binding_id: binding_id === undefined ? '' : toKeyText(binding_id, 1),
  }
}

/** The key as JSON if the columns that find the record do not hold it all, else null. */
export function toLongKey(key: ResourceKey): string | null {
  const { tenant, instance_id, binding_id } = key
  const columns = toKeyColumns(key)
  const whole =
    columns.tenant === escapeText(tenant) &&
    columns.instance_id === escapeText(instance_id) &&
    columns.binding_id === escapeText(binding_id ?? '')
  return whole
    ? null
    : JSON.stringify(binding_id === undefined ? [tenant, instance_id] : [tenant, instance_id, binding_id])
}

/** @throws StoreError `CORRUPT` if the long key is of another record */
export function fromKeyColumns(row: KeyColumns & Pick<ResourceRow, 'long_key'>): ResourceKey {
  if (row.long_key === null) {
    return toKey([row.tenant, row.instance_id, ...(row.binding_id === '' ? [] : [row.binding_id])].map(unescapeText))
  }
  const key = toKey(JSON.parse(row.long_key) as string[])
  const columns = toKeyColumns(key)
  if (
    columns.instance_id !== row.instance_id ||
    columns.binding_id !== row.binding_id ||
    columns.tenant !== row.tenant
  ) {
    throw new StoreError('CORRUPT', `the stored key of instance ${row.instance_id.slice(0, 100)} belongs elsewhere`)
  }
  return key
}

function toKey([tenant = '', instance_id = '', binding_id]: readonly string[]): ResourceKey {
  return binding_id === undefined ? { tenant, instance_id } : { tenant, instance_id, binding_id }
}

/** `\#` begins no escape of JSON, so that a hash is never taken for a text. */
function toKeyText(text: string, minBytes = 0): string {
  const escaped = escapeText(text)
  const bytes = Buffer.byteLength(escaped, 'utf8')
  const fits = bytes >= minBytes && bytes <= maxIndexedBytes
  return fits ? escaped : `\\#${createHash('sha256').update(escaped).digest('hex')}`
}
