import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { secret } from '../secret.js'
import type { ResourceKey } from './broker-store.js'
import { type CellPlace, createCellCipher, type EncryptionKey } from './encryption.js'

const bytes = randomBytes(32)
const other = randomBytes(32)
const key: ResourceKey = { tenant: 't', instance_id: 'i', binding_id: 'b' }
const place: CellPlace = { key, column: 'answer' }
const cipher = createCellCipher({ encryptionKey: bytes })

describe('createCellCipher', () => {
  it.each(['', '{"password":"hunter2"}', 'ü 服务 \0 🚀', 'x'.repeat(100_000)])(
    'gives back what it encrypted (%#)',
    (text) => {
      const stored = cipher.encrypt(place, text)
      expect(cipher.decrypt(place, stored)).toBe(text)
      expect(stored).toMatch(/^1\.[0-9a-f]{16}\.[\w-]{16}\.[\w-]+$/)
      expect(text !== '' && stored.includes(text)).toBe(false)
    },
  )

  it('encrypts the same text differently each time', () => {
    expect(cipher.encrypt(place, 'same')).not.toBe(cipher.encrypt(place, 'same'))
  })

  it.each<[string, CellPlace]>([
    ['column', { key, column: 'request' }],
    ['tenant', { key: { ...key, tenant: 'u' }, column: 'answer' }],
    ['instance', { key: { ...key, instance_id: 'j' }, column: 'answer' }],
    ['binding', { key: { ...key, binding_id: 'c' }, column: 'answer' }],
    ['resource kind', { key: { tenant: 't', instance_id: 'i' }, column: 'answer' }],
    ['binding without an id', { key: { ...key, binding_id: '' }, column: 'answer' }],
    ['split of the ids', { key: { tenant: 'ti', instance_id: '', binding_id: 'b' }, column: 'answer' }],
    ['split with JSON', { key: { tenant: 't","i', instance_id: 'b' }, column: 'answer' }],
  ])('does not decrypt in another place: another %s', (_, elsewhere) => {
    const stored = cipher.encrypt(place, 'text')
    expect(() => cipher.decrypt(elsewhere, stored)).toThrow(expect.objectContaining({ code: 'CORRUPT' }))
  })

  it('does not decrypt what was changed, at any character', () => {
    const stored = cipher.encrypt(place, 'text')
    for (const [index, character] of [...stored].entries()) {
      const changed = `${stored.slice(0, index)}${character === 'a' ? 'b' : 'a'}${stored.slice(index + 1)}`
      const sameBytes =
        Buffer.from(changed.split('.')[3] ?? '', 'base64url').equals(
          Buffer.from(stored.split('.')[3] ?? '', 'base64url'),
        ) && index > stored.lastIndexOf('.')
      if (!sameBytes) {
        expect(() => cipher.decrypt(place, changed), `character ${index}`).toThrow(
          /cannot be decrypted|holds values of/,
        )
      }
    }
  })

  it.each(['', '1', '1...', 'plain text', '2.a.b.c', '{"password":"hunter2"}'])(
    'refuses %j without repeating it',
    (stored) => {
      expect(() => cipher.decrypt(place, stored)).toThrow(/cannot be decrypted|holds values of/)
      expect(() => cipher.decrypt(place, stored)).not.toThrow(/hunter2/)
    },
  )

  it('does not decrypt a tag that was cut short', () => {
    const [version, id, nonce, sealed = ''] = cipher.encrypt(place, 'text').split('.')
    const short = Buffer.from(sealed, 'base64url').subarray(0, -1).toString('base64url')
    expect(() => cipher.decrypt(place, [version, id, nonce, short].join('.'))).toThrow(/cannot be decrypted/)
  })

  it('reads with a previous key, and writes with the new one', () => {
    const rotated = createCellCipher({ encryptionKey: other, previousEncryptionKeys: [bytes] })
    expect(rotated.decrypt(place, cipher.encrypt(place, 'text'))).toBe('text')
    expect(rotated.keyIds).toEqual([rotated.keyId, cipher.keyId])
    expect(() => cipher.decrypt(place, rotated.encrypt(place, 'text'))).toThrow(
      expect.objectContaining({ code: 'WRONG_KEY' }),
    )
  })

  it.each<[string, EncryptionKey]>([
    ['base64', bytes.toString('base64')],
    ['base64url', bytes.toString('base64url')],
    ['hex', bytes.toString('hex')],
    ['upper-case hex', bytes.toString('hex').toUpperCase()],
    ['bytes', new Uint8Array(bytes)],
    ['wrapped text', secret(bytes.toString('base64'))],
  ])('takes a key as %s', (_, encryptionKey) => {
    expect(createCellCipher({ encryptionKey }).decrypt(place, cipher.encrypt(place, 'text'))).toBe('text')
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a passphrase', 'correct horse battery staple'],
    ['31 bytes', bytes.subarray(1)],
    ['33 bytes', Buffer.concat([bytes, Buffer.from([1])])],
    ['31 bytes as base64', bytes.subarray(1).toString('base64')],
    ['31 bytes as hex', bytes.subarray(1).toString('hex')],
    ['a key with a space', ` ${bytes.toString('hex')}`],
    ['a number', 32],
  ])('refuses %s as a key, without repeating it', (_, encryptionKey) => {
    const create = () => createCellCipher({ encryptionKey: encryptionKey as EncryptionKey })
    const text = 'encryptionKey must be 32 bytes, or their text as base64 or hex'
    expect(create).toThrow(expect.objectContaining({ code: 'INVALID_KEY', message: text }))
    const previous = () => createCellCipher({ encryptionKey: bytes, previousEncryptionKeys: [encryptionKey as string] })
    expect(previous).toThrow(/^previousEncryptionKeys\[0\] must be/)
  })
})
