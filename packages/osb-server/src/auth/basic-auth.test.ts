import { afterEach, describe, expect, it, vi } from 'vitest'
import { secret } from '../secret.js'
import { basicAuth } from './basic-auth.js'

const header = (value: string | undefined) => ({
  header: (name: string) => (name === 'authorization' ? value : undefined),
})
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

const ask = async (auth: ReturnType<typeof basicAuth>, text: string) => auth.authenticate(header(basic(text)))

describe('basicAuth', () => {
  const auth = basicAuth([
    { username: 'old', password: 'one' },
    { username: 'new', password: 'a:b é' },
  ])

  it.each([
    ['old', basic('old:one')],
    ['new', basic('new:a:b é')],
    ['old', basic('old:one').replace('Basic', 'bASIC')],
    ['old', `Basic   ${Buffer.from('old:one').toString('base64')}`],
  ])('AUTH-04: lets %s in with %s, each time', async (principal, value) => {
    for (let time = 0; time < 3; time++) expect(await auth.authenticate(header(value))).toEqual({ principal })
  })

  it.each([
    undefined,
    '',
    'Basic',
    'Basic ',
    'Basic !!!!',
    'Basic b2',
    'Basic b2xkOm9uZQ==extra',
    `Bearer ${Buffer.from('old:one').toString('base64')}`,
    basic('old:two'),
    basic('old:one '),
    basic('OLD:one'),
    basic('old:'),
    basic(':one'),
    basic('old'),
    basic('new:one'),
    basic(''),
    `${basic('old:one')}, ${basic('old:one')}`,
  ])('AUTH-07: keeps out %j', async (value) => {
    expect(await auth.authenticate(header(value))).toBeUndefined()
  })

  it('hashes a header that was right only once, and remembers none that was wrong', async () => {
    const digest = vi.spyOn(crypto.subtle, 'sign')
    const own = basicAuth({ username: 'user', password: 'secret' })
    for (let time = 0; time < 3; time++) await own.authenticate(header(basic('user:secret')))
    expect(digest).toHaveBeenCalledTimes(2)
    for (let time = 0; time < 3; time++) await own.authenticate(header(basic('user:guess')))
    expect(digest).toHaveBeenCalledTimes(5)
    digest.mockRestore()
  })

  it.each([
    [[]],
    [{ username: '', password: 'x' }],
    [{ username: 'x', password: '' }],
    [{ username: 'x', password: undefined as never }],
    [{ username: 'a:b', password: 'x' }],
    [{ username: 'x', verify: 'x' as never }],
    [{ username: 'x', password: 'x', verify: () => true } as never],
    [{ username: 'x', password: 'x', notAfter: new Date('never') }],
    [{ username: 'x', password: 'x', notBefore: '2030-01-01' as never }],
    [
      [
        { username: 'x', password: 'x' },
        { username: 'y', password: '' },
      ],
    ],
  ])('refuses credentials that would leave the broker open (%j)', (credentials) => {
    expect(() => basicAuth(credentials)).toThrow(TypeError)
  })

  it('never names a secret in its error', () => {
    expect(() => basicAuth({ username: 'a:b', password: 'hunter2' })).not.toThrow(/hunter2/)
  })
})

describe('the validity of credentials', () => {
  afterEach(() => {
    vi.useRealTimers()
  })
  const changeover = new Date('2030-01-01T00:00:00Z')
  const at = (text: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(text) })

  it('begins and ends when it says, also for a login that was let in before', async () => {
    const auth = basicAuth([
      { username: 'u', password: 'old', notAfter: changeover },
      { username: 'u', password: 'new', notBefore: changeover, principal: 'second' },
    ])
    at('2029-12-31T23:59:59Z')
    expect([await ask(auth, 'u:old'), await ask(auth, 'u:new')]).toEqual([{ principal: 'u' }, undefined])
    at('2030-01-01T00:00:00Z')
    expect([await ask(auth, 'u:old'), await ask(auth, 'u:new')]).toEqual([undefined, { principal: 'second' }])
  })

  it('counts for verified passwords, too', async () => {
    const auth = basicAuth({ username: 'u', verify: () => true, notAfter: changeover })
    at('2029-12-31T23:59:59Z')
    expect(await ask(auth, 'u:x')).toEqual({ principal: 'u' })
    at('2030-01-01T00:00:00Z')
    expect(await ask(auth, 'u:x')).toBeUndefined()
  })

  it('lets a password that is known twice in by the credentials that are valid', async () => {
    const verified = { username: 'u', verify: () => true, principal: 'verified' }
    const auth = basicAuth([{ username: 'u', password: 'x', notAfter: changeover }, verified])
    at('2029-12-31T23:59:59Z')
    expect(await ask(auth, 'u:x')).toEqual({ principal: 'u' })
    at('2030-01-01T00:00:00Z')
    expect(await ask(auth, 'u:x')).toEqual({ principal: 'verified' })
  })
})

describe('passwords kept as hashes', () => {
  it('are verified once, then known, also when the same login comes many times at once', async () => {
    const verify = vi.fn(async (password: string) => password === 'a:b é')
    const auth = basicAuth({ username: 'u', verify })
    const first = await Promise.all([1, 2, 3].map(() => ask(auth, 'u:a:b é')))
    expect([...first, await ask(auth, 'u:a:b é')]).toEqual(Array.from({ length: 4 }, () => ({ principal: 'u' })))
    expect(verify).toHaveBeenCalledTimes(1)
  })

  it('are verified again for each wrong login, and for any user name', async () => {
    const verify = vi.fn((password: string) => password === 'right')
    const auth = basicAuth([
      { username: 'u', verify },
      { username: 'v', password: 'plain' },
    ])
    for (const login of ['u:wrong', 'u:wrong', 'nobody:right', 'nobody:plain'])
      expect(await ask(auth, login)).toBeUndefined()
    expect(verify).toHaveBeenCalledTimes(4)
    expect(await ask(auth, 'v:plain')).toEqual({ principal: 'v' })
    expect(verify).toHaveBeenCalledTimes(4)
  })

  it('let nobody in whose verification says anything but true', async () => {
    const auth = basicAuth({ username: 'u', verify: (() => 'yes') as never })
    expect(await ask(auth, 'u:x')).toBeUndefined()
  })

  it('do not take a failed verification for an answer', async () => {
    let fails = true
    const auth = basicAuth({
      username: 'u',
      verify: async () => {
        if (fails) throw new Error('no memory')
        return true
      },
    })
    await expect(ask(auth, 'u:x')).rejects.toThrow('no memory')
    fails = false
    expect(await ask(auth, 'u:x')).toEqual({ principal: 'u' })
  })
})

it('takes a wrapped password', async () => {
  const auth = basicAuth({ username: 'u', password: secret('hunter2') })
  expect(await ask(auth, 'u:hunter2')).toEqual({ principal: 'u' })
  expect(await ask(auth, 'u:[secret]')).toBeUndefined()
})
