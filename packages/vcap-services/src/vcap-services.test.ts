import { describe, expect, it } from 'vitest'
import { readVcapServices, type ServiceSelector } from './index.js'

const services = readVcapServices({
  env: {},
  value: {
    mysql: [
      {
        name: 'orders',
        label: 'mysql',
        plan: 'small',
        tags: ['mysql', 'relational'],
        instance_name: 'orders-instance',
      },
      {
        name: 'users',
        label: 'mysql',
        plan: 'large',
        tags: ['mysql', 'relational', 'replicated'],
        binding_name: 'users',
      },
    ],
    redis: [
      { name: 'cache', label: 'redis', plan: 'small', tags: ['Redis'], instance_guid: 'g-1', binding_guid: 'g-2' },
    ],
  },
})

describe('selectors', () => {
  it.each<[ServiceSelector, string[]]>([
    ['orders', ['orders']],
    ['Orders', []],
    [/^(orders|users)$/, ['orders', 'users']],
    [/S$/i, ['orders', 'users']],
    [/s/g, ['orders', 'users']],
    [(service) => service.tags.length === 3, ['users']],
    [{ name: /c/ }, ['cache']],
    [{ instance_name: 'orders-instance' }, ['orders']],
    [{ binding_name: 'users' }, ['users']],
    [{ guid: 'g-1' }, ['cache']],
    [{ guid: 'g-2' }, ['cache']],
    [{ label: 'mysql' }, ['orders', 'users']],
    [{ label: 'my' }, []],
    [{ tag: 'relational' }, ['orders', 'users']],
    [{ tag: 'redis' }, []],
    [{ tag: /^redis$/i }, ['cache']],
    [{ tag: ['mysql', 'replicated'] }, ['users']],
    [{ plan: 'small' }, ['orders', 'cache']],
    [{ label: 'mysql', plan: 'small' }, ['orders']],
    [{ plan: 'small', where: ({ name }) => name !== 'orders' }, ['cache']],
  ])('%o', (selector, names) => {
    expect(services.filter(selector).map(({ name }) => name)).toEqual(names)
    expect(services.filter(selector).map(({ name }) => name)).toEqual(names)
  })

  it.each<object | null>([
    {},
    { tag: [] },
    { lable: 'mysql' },
    { name: undefined },
    { name: 1 },
    { where: 'x' },
    { toString: 'x' },
    null,
  ])('INVALID_SELECTOR: %o', (selector) => {
    expect(() => services.filter(selector as ServiceSelector)).toThrow(
      expect.objectContaining({ code: 'INVALID_SELECTOR' }),
    )
  })
})

describe('find, get and credentials', () => {
  it('find gives undefined when nothing fits', () => {
    expect(services.find('nothing')).toBeUndefined()
  })

  it.each([services.find, services.get, services.credentials])('AMBIGUOUS lists those that fit: %o', (select) => {
    expect(() => select.call(services, { label: 'mysql' })).toThrow(
      expect.objectContaining({
        code: 'AMBIGUOUS',
        candidates: [
          { name: 'orders', label: 'mysql', tags: ['mysql', 'relational'] },
          { name: 'users', label: 'mysql', tags: ['mysql', 'relational', 'replicated'] },
        ],
      }),
    )
  })

  it.each<[ServiceSelector, string]>([
    ['db', 'no bound service fits the name "db"; bound: {"name":"orders","label":"mysql"'],
    [/^db/i, 'no bound service fits the name "/^db/i"; bound: '],
    [{ label: 'db', tag: /x/ }, 'no bound service fits {"label":"db","tag":"/x/"}; bound: '],
    [() => false, 'no bound service fits the predicate; bound: '],
  ])('NO_MATCH says what was sought and what is bound: %o', (selector, text) => {
    expect(() => services.get(selector)).toThrow(
      expect.objectContaining({ code: 'NO_MATCH', message: expect.stringContaining(text) as string }),
    )
  })

  it('NO_MATCH says so when nothing is bound', () => {
    expect(() => readVcapServices({ value: {} }).get('db')).toThrow('no bound service fits the name "db"; bound: none')
  })

  it('names at most 20 candidates in a message, and holds all of them', () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ name: `db-${index}`, label: 'mysql' }))
    expect(() => readVcapServices({ value: { mysql: many } }).get('db')).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/"db-19".*, and 180 more$/) as string,
        candidates: expect.objectContaining({ length: 200 }) as unknown[],
      }),
    )
  })

  it.each([{ 'credhub-ref': '/c/broker/service/guid/credentials' }, { 'credhub-ref': '/c/x', uri: 'https://x' }])(
    'CREDHUB_REF instead of a reference: %j',
    (credentials) => {
      const bound = readVcapServices({ value: { config: [{ name: 'config', label: 'config', credentials }] } })
      const expected = expect.objectContaining({ code: 'CREDHUB_REF' }) as Error
      expect(() => bound.credentials('config')).toThrow(expected)
      expect(() => bound.get('config').credentials).toThrow(expected)
    },
  )
})
