import { expect, it } from 'vitest'
import { deriveDatabaseUrl, readVcapServices } from './index.js'

const derive = (...uris: readonly unknown[]) =>
  deriveDatabaseUrl(readVcapServices({ value: { any: uris.map((uri) => ({ credentials: { uri } })) }, env: {} }))

it.each([
  ['mysql://u:p@h:3306/d?reconnect=true', 'mysql2://u:p@h:3306/d?reconnect=true'],
  ['mysql2://u:p@h/d', 'mysql2://u:p@h/d'],
  ['postgresql://u:p@h/d', 'postgres://u:p@h/d'],
  ['postgres://u:p%40@[::1]:5432/d', 'postgres://u:p%40@[::1]:5432/d'],
  ['POSTGRESQL://u:p@h/d', 'postgres://u:p@h/d'],
])('derives %s as Rails wants it', (uri, expected) => {
  expect(derive(uri)).toBe(expected)
})

it('takes the first that is relational and valid, in the order of the bindings', () => {
  const passedOver = ['redis://h', 'jdbc:mysql://h/d', 'mysql://u:p@h1:1,h2:2/d', 'mysql://u:p%zz@h/d', 7, null, '']
  expect(derive(...passedOver, 'postgres://u:p@h/d', 'mysql://u:p@h/d')).toBe('postgres://u:p@h/d')
  expect(derive(...passedOver)).toBeUndefined()
})

it('passes over services without credentials and those with a CredHub reference', () => {
  const value = { any: [{ credentials: null }, {}, { credentials: { 'credhub-ref': '/c/x' } }] }
  expect(deriveDatabaseUrl(readVcapServices({ value, env: {} }))).toBeUndefined()
})
