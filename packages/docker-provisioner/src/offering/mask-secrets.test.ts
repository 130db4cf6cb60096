import { expect, it } from 'vitest'
import { maskSecrets } from './mask-secrets.js'

it('masks every occurrence, the longer of two nested secrets first', () => {
  expect(maskSecrets('a secret-long secret x', ['secret', 'secret-long'])).toBe('a *** *** x')
  expect(maskSecrets('a b c', ['', 'b'])).toBe('a b c')
})
