import type {
  OnUnreadable,
  OperationRecord,
  ResourceContent,
  ResourceKey,
  ResourceRecord,
  ResourceSecrets,
} from '../broker-store.js'
import type { CellCipher } from '../encryption.js'
import { escapeText, fromKeyColumns, unescapeText } from './key-columns.js'
import type { ResourceRow } from './tables.js'

type LeaseColumns = Pick<ResourceRow, 'lease_owner' | 'lease_token'>
type KeyAndLeaseColumns = 'tenant' | 'instance_id' | 'binding_id' | 'long_key' | 'version' | `lease_${string}`
type ContentColumns = Omit<ResourceRow, KeyAndLeaseColumns>

/** The columns of a record's content, its secrets encrypted for this key. */
export function toContentColumns(content: ResourceContent, key: ResourceKey, cipher: CellCipher): ContentColumns {
  const { secrets } = content
  const { state, endedAtMs, ...operation } = content.operation
  const encrypt = (column: keyof ResourceSecrets) => cipher.encrypt({ key, column }, JSON.stringify(secrets[column]))
  const has = (column: keyof ResourceSecrets) => JSON.stringify(secrets[column]) !== undefined
  return {
    service_id: escapeText(content.service_id),
    plan_id: escapeText(content.plan_id),
    status: content.status,
    operation_state: state,
    operation_ended_at_ms: endedAtMs ?? null,
    operation: JSON.stringify(operation),
    request: encrypt('request'),
    answer: encrypt('answer'),
    state: has('state') ? encrypt('state') : null,
    operation_request: encrypt('operationRequest'),
    checkpoint: has('checkpoint') ? encrypt('checkpoint') : null,
  }
}

/**
 * The record of a row.
 * @throws StoreError `CORRUPT` or `WRONG_KEY` if its secrets cannot be decrypted
 */
export function toRecord(row: ResourceRow, cipher: CellCipher): ResourceRecord {
  const key = fromKeyColumns(row)
  const content: ResourceContent = {
    service_id: unescapeText(row.service_id),
    plan_id: unescapeText(row.plan_id),
    status: row.status,
    operation: toOperation(row),
    secrets: toSecrets(row, key, cipher),
  }
  return withLease({ ...content, key, version: row.version }, row)
}

/** The records of rows; those that cannot be read are reported, or refused where nobody wants to know. */
export function toRecords(
  rows: readonly ResourceRow[],
  cipher: CellCipher,
  onUnreadable: OnUnreadable | undefined,
): readonly ResourceRecord[] {
  return rows.flatMap((row) => {
    try {
      return [toRecord(row, cipher)]
    } catch (error) {
      if (onUnreadable === undefined) throw error
      onUnreadable(error)
      return []
    }
  })
}

const cellNames = {
  request: 'request',
  answer: 'answer',
  state: 'state',
  operation_request: 'operationRequest',
  checkpoint: 'checkpoint',
} as const satisfies Partial<Record<keyof ResourceRow, keyof ResourceSecrets>>

/** The columns that are encrypted. */
export const cellColumns = Object.keys(cellNames) as readonly (keyof typeof cellNames)[]

export type CellColumns = Pick<ResourceRow, keyof typeof cellNames>

/**
 * The encrypted columns of a row, encrypted with the newest key.
 * @throws StoreError `CORRUPT` or `WRONG_KEY` if one cannot be decrypted
 */
export function toCellsAgain(row: ResourceRow, cipher: CellCipher): CellColumns {
  const key = fromKeyColumns(row)
  const cells = cellColumns.map((name) => {
    const [stored, place] = [row[name], { key, column: cellNames[name] }]
    return [name, stored === null ? null : cipher.encrypt(place, cipher.decrypt(place, stored))] as const
  })
  return Object.fromEntries(cells) as unknown as CellColumns
}

/** The record as it is after a write: what a reader would get, without decrypting it. */
export function toWrittenRecord(
  content: ResourceContent,
  key: ResourceKey,
  written: LeaseColumns & Pick<ResourceRow, 'version'>,
): ResourceRecord {
  const { tenant, instance_id, binding_id } = key
  const copy = JSON.parse(JSON.stringify(content)) as ResourceContent
  const ownKey = binding_id === undefined ? { tenant, instance_id } : { tenant, instance_id, binding_id }
  return withLease({ ...copy, key: ownKey, version: written.version }, written)
}

function withLease(record: ResourceRecord, { lease_owner, lease_token }: LeaseColumns): ResourceRecord {
  return lease_owner === null ? record : { ...record, lease: { owner: unescapeText(lease_owner), token: lease_token } }
}

function toOperation(row: ResourceRow): OperationRecord {
  const rest = JSON.parse(row.operation) as Omit<OperationRecord, 'state' | 'endedAtMs'>
  const ended = row.operation_ended_at_ms === null ? {} : { endedAtMs: row.operation_ended_at_ms }
  return { ...rest, state: row.operation_state, ...ended }
}

function toSecrets(row: ResourceRow, key: ResourceKey, cipher: CellCipher): ResourceSecrets {
  const decrypt = (column: keyof ResourceSecrets, stored: string): unknown =>
    JSON.parse(cipher.decrypt({ key, column }, stored))
  return {
    request: decrypt('request', row.request) as ResourceSecrets['request'],
    answer: decrypt('answer', row.answer) as ResourceSecrets['answer'],
    operationRequest: decrypt('operationRequest', row.operation_request) as ResourceSecrets['operationRequest'],
    ...(row.state === null ? {} : { state: decrypt('state', row.state) }),
    ...(row.checkpoint === null ? {} : { checkpoint: decrypt('checkpoint', row.checkpoint) }),
  }
}
