import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseDump } from '../dump.js'
import { isVcapError, readVcapApplication, readVcapServices } from '../index.js'

const fixtures = join(import.meta.dirname, '../../test/fixtures')
const services = { redis: [{ name: 'cache', label: 'redis', credentials: { password: "it's a $ecret\n\\" } }] }
const json = JSON.stringify(services)
const indented = JSON.stringify(services, null, 1)

const codesOf = (text: string | Uint8Array) => parseDump(text).repairs.map(({ code }) => code)
const placesOf = (text: string, code: string) =>
  parseDump(text)
    .repairs.filter((repair) => repair.code === code)
    .map(({ line, column }) => [line, column])

describe("the founding document's samples", () => {
  const sample = (name: string) => readFileSync(join(fixtures, name), 'utf8')

  it('reads the invalid sample completely', () => {
    const text = sample('mission-invalid-vcap-services.txt')
    const { env, repairs } = parseDump(text)
    const read = readVcapServices({ env })
    expect(read.all.map(({ name, label, plan }) => [name, label, plan])).toEqual([
      ['cleardb-1', 'cleardb', 'spark'],
      ['cloudamqp-6', 'cloudamqp', 'lemur'],
      ['cloudamqp-9dbc6', 'cloudamqp', 'lemur'],
      ['rediscloud-1', 'rediscloud', '20mb'],
    ])
    expect(read.credentials('cleardb-1')).toEqual({
      name: 'ad_c6f4446532610ab',
      hostname: 'us-cdbr-east-03.cleardb.com',
      port: '3306',
      username: 'b5d435f40dd2b2',
      password: 'ebfc00ac',
      uri: 'mysql://b5d435f40dd2b2:ebfc00ac@us-cdbr-east-03.cleardb.com:3306/ad_c6f4446532610ab',
      jdbcUrl: 'jdbc:mysql://b5d435f40dd2b2:ebfc00ac@us-cdbr-east-03.cleardb.com:3306/ad_c6f4446532610ab',
    })
    expect(read.credentials('rediscloud-1')).toEqual({
      port: '6379',
      host: 'pub-redis-6379.us-east-1-2.3.ec2.redislabs.com',
      password: '1M5zd3QfWi9nUyya',
    })
    // Each key of the sample is unquoted, and stands at the beginning of its line.
    const keys = text.split('\n').flatMap((line, index) => {
      const key = /^\s*(?=\w+: )/.exec(line)
      return key === null ? [] : [[index + 1, key[0].length + 1]]
    })
    const at = (code: string) =>
      repairs.filter((repair) => repair.code === code).map(({ line, column }) => [line, column])
    expect(at('UNQUOTED_KEY')).toEqual(keys)
    expect(at('ASSIGNMENT')).toEqual([[1, 1]])
    expect(at('MISSING_COMMA')).toEqual([[27, 6]])
    expect(at('EXTRA_COMMA')).toEqual([
      [47, 6],
      [48, 4],
    ])
    expect(repairs).toHaveLength(keys.length + 4)
  })

  it('reads the env dump completely', () => {
    const { env, repairs } = parseDump(sample('mission-env-dump.txt'))
    expect(Object.keys(env)).toHaveLength(15)
    expect(env).toMatchObject({ TMPDIR: '/home/vcap/tmp', PORT: '61013', MEMORY_LIMIT: '1024m', _: '/usr/bin/env' })
    expect(readVcapServices({ env }).all).toEqual([])
    expect(readVcapApplication({ env })).toMatchObject({ application_name: 'java-web-portal', port: 61013 })
    expect(repairs.map(({ code, line }) => [code, line])).toEqual([
      ['ASSIGNMENT', 5],
      ['ASSIGNMENT', 8],
    ])
  })

  it('reads the line of the collector', () => {
    const { env } = parseDump(sample('mission-collector-line.txt'))
    expect(readVcapServices({ env }).credentials({ label: 'collector' })).toEqual({
      uri: 'http://50.50.1.4:5000/collector/api/v1.0/',
    })
  })
})

const shellQuoted = `'${json.replaceAll("'", String.raw`'\''`)}'`
const doubleQuoted = `"${json.replaceAll(/["\\$`]/g, String.raw`\$&`)}"`

describe('every way to write it down', () => {
  it.each([
    ['plain', json, []],
    ['[12] CRLF', indented.replaceAll('\n', '\r\n'), []],
    ['NAME=', `VCAP_SERVICES=${json}`, ['ASSIGNMENT']],
    ['[21] NAME= and a line break', `VCAP_SERVICES=\n${indented}`, ['ASSIGNMENT']],
    ['[13] single quotes of a shell', `VCAP_SERVICES=${shellQuoted}`, ['ASSIGNMENT', 'SHELL_QUOTES']],
    ['[22] export', `#!/bin/sh\nexport VCAP_SERVICES=${shellQuoted}\n`, ['ASSIGNMENT', 'SHELL_QUOTES']],
    ['export with double quotes', `export VCAP_SERVICES=${doubleQuoted};`, ['ASSIGNMENT', 'SHELL_QUOTES']],
    ['export with a colon', `export VCAP_SERVICES: ${indented}`, ['ASSIGNMENT']],
    ['[22] SET', `@echo off\r\nSET VCAP_SERVICES=${json}\r\nSET A=b\r\n`, ['ASSIGNMENT']],
    ['set in quotes', `set "VCAP_SERVICES=${json}"\r\nset "A=b"`, ['ASSIGNMENT']],
    ['PowerShell', `$env:VCAP_SERVICES = '${json.replaceAll("'", "''")}'`, ['ASSIGNMENT', 'SHELL_QUOTES']],
    ['dotenv', `# local\nA=b\nVCAP_SERVICES=${json}\n`, ['ASSIGNMENT']],
    ['quotes nobody escaped', `VCAP_SERVICES="${json}"`, ['ASSIGNMENT', 'SHELL_QUOTES']],
    ['JavaScript', `process.env.VCAP_SERVICES = ${json};`, ['ASSIGNMENT']],
    ['YAML', `env:\n  - A=b\n  VCAP_SERVICES: ${json}\n`, ['ASSIGNMENT']],
    ['[23] a stray backtick', `VCAP_SERVICES=${json}\``, ['ASSIGNMENT', 'TRAILING_TEXT']],
    [
      'a heredoc',
      `read -r -d '' VCAP_SERVICES <<'END'\n${json}\nEND\nexport VCAP_SERVICES=$VCAP_SERVICES\n`,
      ['ASSIGNMENT'],
    ],
    ['[14] encoded twice', JSON.stringify(json), ['WRAPPER']],
    ['[15, 16] default-env.json', JSON.stringify({ PORT: 3000, VCAP_SERVICES: services }), ['WRAPPER']],
    ['[17] default-env.json with text', JSON.stringify({ VCAP_SERVICES: json }), ['WRAPPER']],
    ['[10] UTF-8 with a mark', `\ufeff${json}`, ['ENCODING']],
    ['[11] UTF-16', Buffer.from(`\ufeff${json}`, 'utf16le'), ['ENCODING']],
    ['[11] UTF-16 without a mark', Buffer.from(json, 'utf16le'), ['ENCODING']],
    ['[11] UTF-16, high byte first', Buffer.from(`\ufeff${json}`, 'utf16le').swap16(), ['ENCODING']],
    ['UTF-16 that was read as UTF-8', Buffer.from(`\ufeff${json}`, 'utf16le').toString('utf8'), ['ENCODING']],
    ['colours of a terminal', `\u001b[1mVCAP_SERVICES\u001b[0m: ${json}`, ['ENCODING', 'ASSIGNMENT']],
  ])('%s', (_case, text, codes) => {
    const { env, repairs } = parseDump(text)
    expect(JSON.parse(env.VCAP_SERVICES ?? '')).toEqual(services)
    expect(repairs.map(({ code }) => code)).toEqual(codes)
  })

  it('keeps the other variables', () => {
    const text = `export A='b c'\nB="d \\"e\\""\nC=f g\n  D = h # i\nE='open\nVCAP_SERVICES={}\nSET F=%PATH%\n`
    expect(parseDump(text).env).toEqual({
      A: 'b c',
      B: 'd "e"',
      C: 'f g',
      D: 'h # i',
      E: "'open",
      VCAP_SERVICES: '{}',
      F: '%PATH%',
    })
  })

  it('takes the last of two, and says so', () => {
    const text = `VCAP_SERVICES={"a":[]}\nVCAP_SERVICES=${json}`
    expect(JSON.parse(parseDump(text).env.VCAP_SERVICES ?? '')).toEqual(services)
    expect(placesOf(text, 'DUPLICATE_VARIABLE')).toEqual([[2, 15]])
  })

  it('takes an application for what it is', () => {
    const { env } = parseDump('{"application_name":"shop","limits":{"mem":64}}')
    expect(readVcapApplication({ env }).application_name).toBe('shop')
  })

  it('[18] reads the answers of Cloud Controller, version 2 and 3', () => {
    const application = { application_name: 'shop' }
    const common = {
      staging_env_json: { ONLY: 'staged' },
      running_env_json: { A: '1', B: '1' },
      system_env_json: { VCAP_SERVICES: services },
      application_env_json: { VCAP_APPLICATION: application },
    }
    for (const own of ['environment_variables', 'environment_json']) {
      const { env, repairs } = parseDump(JSON.stringify({ ...common, [own]: { B: '2', N: 3 } }, null, 2))
      expect(env).toEqual({
        A: '1',
        B: '2',
        N: '3',
        VCAP_SERVICES: json,
        VCAP_APPLICATION: JSON.stringify(application),
      })
      expect(repairs.map(({ code }) => code)).toEqual(['WRAPPER', 'DUPLICATE_VARIABLE'])
    }
  })

  it('hides what it found', () => {
    const dump = parseDump(`VCAP_SERVICES=${json}\nTOKEN=SECRET`)
    expect(inspect(dump, { depth: 9 }) + JSON.stringify(dump)).not.toMatch(/SECRET|\$ecret/)
    expect(dump.env.TOKEN).toBe('SECRET')
  })
})

describe('[24] the text of cf env', () => {
  const application = { application_name: 'shop', limits: { mem: 64 } }
  const groups = [
    'Running Environment Variable Groups:',
    'HTTP Proxy: 198.51.100.130',
    'URL: http://x:1/a b',
    '',
    'Staging Environment Variable Groups:',
    'ONLY: staged',
    '',
  ]

  it('of version 6: documents one after the other', () => {
    const text = [
      'Getting env variables for app shop in org o / space s as me@example.com...',
      'OK',
      '',
      'System-Provided:',
      JSON.stringify({ VCAP_SERVICES: services }, null, 1),
      '',
      JSON.stringify({ VCAP_APPLICATION: application }, null, 1),
      '',
      'User-Provided:',
      'MY_ENV: 100',
      '',
      ...groups,
    ].join('\n')
    const { env } = parseDump(text)
    expect(env).toEqual({
      VCAP_SERVICES: json,
      VCAP_APPLICATION: JSON.stringify(application),
      MY_ENV: '100',
      'HTTP Proxy': '198.51.100.130',
      URL: 'http://x:1/a b',
    })
    expect(codesOf(text)).toEqual(['CF_ENV', 'WRAPPER', 'WRAPPER'])
    expect(placesOf(text, 'CF_ENV')).toEqual([[4, 1]])
  })

  it('of versions 7 and 8: a name, a colon and a document', () => {
    const text = [
      'Getting env variables for app shop in org o / space s as me@example.com...',
      'System-Provided:',
      `VCAP_SERVICES: ${indented}`,
      '',
      `VCAP_APPLICATION: ${JSON.stringify(application, null, 1)}`,
      '',
      'User-Provided:',
      'MY_ENV: 100',
      '',
      ...groups,
    ].join('\n')
    const { env } = parseDump(text)
    expect(env).toMatchObject({ VCAP_SERVICES: json, MY_ENV: '100', 'HTTP Proxy': '198.51.100.130' })
    expect(env.ONLY).toBeUndefined()
    expect(readVcapApplication({ env }).application_name).toBe('shop')
    expect(codesOf(text)).toEqual(['CF_ENV', 'ASSIGNMENT', 'ASSIGNMENT'])
  })
})

describe('what cannot be read', () => {
  it.each([
    ['', 'NOT_SET', undefined],
    ['VCAP_SERVICES=', 'NOT_SET', undefined],
    ['nothing of interest\nPATH=/bin', 'NOT_SET', undefined],
    ['{"PORT":3000}', 'NOT_SET', undefined],
    ['[]', 'INVALID_JSON', [1, 1]],
    ['"mysql": [', 'NOT_SET', undefined],
    ['"[a"', 'INVALID_JSON', [1, 1]],
    ['VCAP_SERVICES={"a":[{"password":"SECRET', 'INVALID_JSON', [1, 33]],
    ['VCAP_SERVICES={"a":[', 'INVALID_JSON', [1, 21]],
    ['A=b\nexport VCAP_SERVICES=\'{"a":[}\'', 'INVALID_JSON', [2, 29]],
    ["export VCAP_SERVICES='{", 'INVALID_JSON', [1, 22]],
    ['{"VCAP_SERVICES":"{[}"}', 'INVALID_JSON', [1, 1]],
    ['['.repeat(1002), 'INVALID_JSON', [1, 1002]],
    ['{"a":[{"b":{"SECRET":{"c" "d"}}}]}', 'INVALID_JSON', [1, 27]],
    ['{SECRET: [1}', 'INVALID_JSON', [1, 12]],
    [`{'x":{"password":"SECRET"},"': [1}`, 'INVALID_JSON', [1, 34]],
    [`{"x\\":{'password':'SECRET'},": [1}`, 'INVALID_JSON', [1, 34]],
  ])('%j', (text, code, place) => {
    try {
      parseDump(text)
    } catch (error) {
      if (!isVcapError(error)) throw error
      expect(error.code).toBe(code)
      expect(error.line && [error.line, error.column]).toEqual(place)
      expect(inspect(error)).not.toContain('SECRET')
      return
    }
    throw new Error('it was read')
  })
})
