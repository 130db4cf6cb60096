import { describe, expect, it } from 'vitest'
import { bindingUsername, hashedName, instanceNames } from './resource-names.js'

describe('resource names', () => {
  it.each(['id', '', '../../etc', 'é世界 😀', 'x'.repeat(5_000), 'a"b\n$(c)'])(
    'are short and plain for the id %j',
    (id) => {
      const names = instanceNames(id, id)
      const all = [names.instance, names.container, names.network, names.volume(id), bindingUsername(id, id, id)]
      for (const name of all) expect(name).toMatch(/^[a-z0-9]{1,32}$/)
      expect(new Set(all).size).toBe(all.length)
    },
  )

  it('differ where the ids differ, also where they join to the same text', () => {
    expect(hashedName('a', 'bc')).not.toBe(hashedName('ab', 'c'))
    expect(instanceNames('tenant', 'x').container).not.toBe(instanceNames('', 'x').container)
  })

  it('never change: what exists must be found again', () => {
    expect(instanceNames('', '1').container).toBe('osbc63swbkjjzes5iodkfacr7tlafc')
    expect(instanceNames('', '1').volume('data')).toBe('osbvlqkvaxrwlmnhmkwnwdc5z3ksnu')
    expect(bindingUsername('', '1', '2')).toBe('uacgimhcnyqkvonvehl7cekpez3')
  })
})
