import { VcapError } from '../errors.js'
import { isRecord, kindOf, type UnknownRecord } from '../structure.js'

/** What a reader takes: a bound service, or any object with credentials. */
export interface CredentialsHolder {
  /** For messages. */
  readonly name?: string | null
  readonly credentials: UnknownRecord
}

/** Credentials whose fields are found by any spelling: `caCert`, `CaCert`, `ca_cert` and `ca-cert` are one. */
export interface Fields {
  readonly holder: CredentialsHolder
  /** The first of these names that holds anything but null and blanks. */
  value(...names: readonly string[]): unknown
  /** The first that holds text; a number counts as its text. */
  text(...names: readonly string[]): string | null
  /** The texts of the first that holds a list. */
  list(...names: readonly string[]): readonly string[]
  /** An object inside, as fields of its own. */
  inside(...names: readonly string[]): Fields | undefined
}

export function fieldsOf(holder: CredentialsHolder, credentials: UnknownRecord = holder.credentials): Fields {
  const byName = new Map<string, unknown>()
  for (const [name, value] of Object.entries(credentials)) {
    const plain = plainName(name)
    if (!byName.has(plain) && !isNothing(value)) byName.set(plain, value)
  }
  const find = (names: readonly string[], fits: (value: unknown) => boolean): unknown =>
    names.map((name) => byName.get(name)).find((value) => value !== undefined && fits(value))
  return {
    holder,
    value: (...names) => find(names, () => true),
    text(...names) {
      const value = find(names, isScalar) as string | number | undefined
      return value === undefined ? null : String(value).trim()
    },
    list(...names) {
      const value = find(names, Array.isArray) as readonly unknown[] | undefined
      return (value ?? []).filter((item): item is string => typeof item === 'string' && item.trim() !== '')
    },
    inside(...names) {
      const value = find(names, isRecord)
      return value === undefined ? undefined : fieldsOf(holder, value as UnknownRecord)
    },
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d+]/g, '')
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

/** The names under which the field has user names and passwords. */
export const userNames = ['username', 'user', 'login', 'databaselogin'] as const
export const passwordNames = ['password', 'pass', 'pwd', 'databaseloginpassword'] as const

/**
 * A port, which may be text.
 *
 * @throws {VcapError} `INVALID_CREDENTIALS` when it is no port.
 */
export function toPort({ holder }: Fields, field: string, value: string): number {
  const port = Number(value)
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return port
  throw refuse(holder, field, 'not a port')
}

/** The error for credentials that a reader cannot use. */
export function refuse({ name }: CredentialsHolder, field: string, found: string): VcapError {
  const path = `/${field}`
  const about = name == null ? 'the credentials' : `the credentials of ${JSON.stringify(name)}`
  return new VcapError('INVALID_CREDENTIALS', `${about} do not fit: ${path} (${found})`, { issues: [{ path, found }] })
}

/** A field without which nothing works. */
export function need<Value>({ holder }: Fields, field: string, value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw refuse(holder, field, kindOf(undefined))
  return value
}
