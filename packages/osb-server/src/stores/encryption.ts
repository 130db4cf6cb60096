import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { isSecret, type Secret } from '../secret.js'
import type { ResourceKey } from './broker-store.js'
import { StoreError } from './store-error.js'

const algorithm = 'aes-256-gcm'
const format = '1'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/**
 * 32 bytes, or their text as base64, base64url or hex, which `secret(…)` keeps out of logs. `openssl rand -base64 32`
 * makes one.
 */
export type EncryptionKey = string | Uint8Array | Secret

export interface EncryptionOptions {
  /** What new values are encrypted with. Keep it apart from the database and its backups. */
  readonly encryptionKey: EncryptionKey
  /** Keys of earlier times, for reading what was encrypted with them; none unless told. */
  readonly previousEncryptionKeys?: readonly EncryptionKey[] | undefined
}

/** Where a value belongs. It cannot be decrypted as the value of any other place. */
export interface CellPlace {
  readonly key: ResourceKey
  readonly column: string
}

/** Encrypts the values of single cells, and finds out when one was changed or moved. */
export interface CellCipher {
  /** Names the key that new values are encrypted with; says nothing about the key itself. */
  readonly keyId: string
  /** The names of all keys that values can be decrypted with. */
  readonly keyIds: readonly string[]
  /** What all values begin with that are encrypted with this key. */
  readonly prefix: string
  encrypt(place: CellPlace, text: string): string
  /** @throws StoreError `CORRUPT` or `WRONG_KEY` */
  decrypt(place: CellPlace, stored: string): string
}

/**
 * AES-256-GCM with a random nonce for each value and the place as associated data. A value is stored as
 * `1.<key id>.<nonce>.<ciphertext and tag>`. Random nonces allow 2^32 values per key: with five to a write, a new key
 * is due after some 800 million writes.
 * @throws StoreError `INVALID_KEY` for a key that is missing or not 32 bytes
 */
export function createCellCipher({ encryptionKey, previousEncryptionKeys = [] }: EncryptionOptions): CellCipher {
  const current = toKey(encryptionKey, 'encryptionKey')
  const previous = previousEncryptionKeys.map((key, index) => toKey(key, `previousEncryptionKeys[${index}]`))
  const keyId = toKeyId(current)
  const keys = new Map([current, ...previous].map((key) => [toKeyId(key), key]))
  return {
    keyId,
    keyIds: [...keys.keys()],
    prefix: `${format}.${keyId}.`,
    encrypt: (place, text) => [format, keyId, ...seal(current, place, text)].join('.'),
    decrypt(place, stored) {
      const [version, id = '', nonce = '', sealed = '', ...rest] = stored.split('.')
      if (version !== format || rest.length > 0) {
        throw corrupt(place)
      }
      const key = keys.get(id)
      if (key === undefined) {
        throw wrongKey(id)
      }
      return unseal(key, place, Buffer.from(nonce, 'base64url'), Buffer.from(sealed, 'base64url'))
    },
  }
}

/** The error for values of a key that was not given. */
export function wrongKey(keyId: string): StoreError {
  const text =
    `the database holds values of the encryption key ${JSON.stringify(keyId)}, which is neither the ` +
    'encryptionKey nor one of the previousEncryptionKeys given'
  return new StoreError('WRONG_KEY', text)
}

function seal(key: KeyObject, place: CellPlace, text: string): [nonce: string, sealed: string] {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(associatedData(place))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return [nonce.toString('base64url'), sealed.toString('base64url')]
}

function unseal(key: KeyObject, place: CellPlace, nonce: Buffer, sealed: Buffer): string {
  if (nonce.length !== nonceBytes || sealed.length < tagBytes) {
    throw corrupt(place)
  }
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(associatedData(place))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  const text = decipher.update(sealed.subarray(0, -tagBytes))
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    throw corrupt(place)
  }
}

/** JSON keeps the parts apart: no two places have the same text. */
function associatedData({ key, column }: CellPlace): Buffer {
  return Buffer.from(JSON.stringify([key.tenant, key.instance_id, key.binding_id ?? null, column]), 'utf8')
}

function corrupt({ key, column }: CellPlace): StoreError {
  const { instance_id, binding_id } = key
  const name = (kind: string, id: string) => `${kind} ${JSON.stringify(id.slice(0, 100))}`
  const whose = [binding_id === undefined ? [] : name('binding', binding_id), name('instance', instance_id)].flat()
  const text = `the stored ${column} of ${whose.join(' of ')} cannot be decrypted: it was changed, or belongs elsewhere`
  return new StoreError('CORRUPT', text)
}

function toKeyId(key: KeyObject): string {
  return createHmac('sha256', key).update('osb encryption key id').digest('hex').slice(0, 16)
}

function toKey(key: EncryptionKey | undefined, option: string): KeyObject {
  const text = isSecret(key) ? key.reveal() : key
  const bytes = typeof text === 'string' ? decode(text) : text
  if (!(bytes instanceof Uint8Array) || bytes.length !== keyBytes) {
    throw new StoreError('INVALID_KEY', `${option} must be 32 bytes, or their text as base64 or hex`)
  }
  return createSecretKey(bytes)
}

function decode(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) {
    return Buffer.from(text, 'hex')
  }
  return /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined
}
