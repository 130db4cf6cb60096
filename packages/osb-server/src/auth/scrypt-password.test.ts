import { describe, expect, it } from 'vitest'
import { secret } from '../secret.js'
import { hashPassword, scryptPassword } from './scrypt-password.js'

describe('scryptPassword', () => {
  it('knows the password that was hashed, and no other', async () => {
    const hash = await hashPassword(secret('hunter2 é'))
    expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/)
    const verify = scryptPassword(hash)
    expect([await verify('hunter2 é'), await verify('hunter2'), await verify('')]).toEqual([true, false, false])
  })

  it('agrees with the test vector of RFC 7914', async () => {
    const salt = Buffer.from('NaCl').toString('base64')
    const hash = Buffer.from(
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
      'hex',
    )
    const verify = scryptPassword(`$scrypt$ln=10,r=8,p=16$${salt}$${hash.toString('base64')}`)
    expect(await verify('password')).toBe(true)
  })

  it.each([
    undefined,
    '',
    'hunter2',
    '$scrypt$ln=15,r=8,p=3$c2FsdA',
    '$scrypt$ln=30,r=8,p=1$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHQ',
  ])('refuses %j at start', (hash) => {
    expect(() => scryptPassword(hash)).toThrow(TypeError)
  })
})
