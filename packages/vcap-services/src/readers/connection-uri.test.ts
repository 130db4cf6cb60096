import { describe, expect, it } from 'vitest'
import { authorityOf, encode, parseConnectionUri, userinfoOf } from './connection-uri.js'

describe('parseConnectionUri', () => {
  it.each([
    ['a://u:p@h:1/d?x=1&y', { username: 'u', password: 'p', hosts: [{ host: 'h', port: 1 }], path: 'd' }],
    ['a://h', { username: null, password: null, hosts: [{ host: 'h', port: null }], path: null }],
    ['a://h/', { path: '' }],
    ['a://:p@h', { username: null, password: 'p' }],
    ['a://u@h', { username: 'u', password: null }],
    ['a://u:@h', { username: 'u', password: null }],
    ['a://u:p%40%3A%2F@h', { password: 'p@:/' }],
    ['a://u:a+b@h', { password: 'a+b' }],
    ['a://u:100%@h', { password: '100%' }],
    ['a://u:p@ss@h/d', { password: 'p@ss', hosts: [{ host: 'h', port: null }] }],
    ['a://u:p/w@h:1/d', { username: 'u', password: 'p/w', hosts: [{ host: 'h', port: 1 }], path: 'd' }],
    ['a://u:p#w?@h:1/d', { password: 'p#w?', path: 'd' }],
    ['a://h/path@x', { username: null, path: 'path@x' }],
    [
      'a://h:1,[::1]:2,i/d',
      {
        hosts: [
          { host: 'h', port: 1 },
          { host: '::1', port: 2 },
          { host: 'i', port: null },
        ],
      },
    ],
    ['A://H/', { scheme: 'a', hosts: [{ host: 'H', port: null }] }],
    ['jdbc:a://h/d?user=u&password=p+q', { scheme: 'a', username: 'u', password: 'p q' }],
    ['a://h/d?password=p+q#f', { password: 'p+q' }],
    ['a://h/d%2Fe', { path: 'd/e' }],
  ])('%s', (text, expected) => {
    expect(parseConnectionUri(text)).toMatchObject(expected)
  })

  it.each(['', 'a', 'a:b', 'jdbc:oracle:thin:u/p@h:1/n', 'sqlite:x', 'a://[::1', 'a://h:p'])('%s is none', (text) => {
    expect(parseConnectionUri(text)).toBeUndefined()
  })
})

it('encodes what the parser decodes, lone surrogates aside', () => {
  expect(encode("é@:/?#[]!'()*")).toBe('%C3%A9%40%3A%2F%3F%23%5B%5D%21%27%28%29%2A')
  expect(encode('\ud800')).toBe('%EF%BF%BD')
  expect(userinfoOf(null, null)).toBe('')
  expect(userinfoOf(null, 'p')).toBe(':p@')
  expect(userinfoOf('u', null)).toBe('u@')
  expect(authorityOf({ host: '::1', port: 1 })).toBe('[::1]:1')
})
