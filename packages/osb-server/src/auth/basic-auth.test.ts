import { describe, expect, it, vi } from 'vitest'
import { basicAuth } from './basic-auth.js'

const header = (value: string | undefined) => ({
  header: (name: string) => (name === 'authorization' ? value : undefined),
})
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

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
    const digest = vi.spyOn(crypto.subtle, 'digest')
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
