import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lenientNames, strictNames } from './outcome.js'

// The first part of the list of inputs in the survey of the field: whole texts, by what an app makes of them and what
// the lenient reader does. Its numbers are in brackets; the second part is in services.test.ts.

const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8')
const db = { name: 'db', label: 'mysql', credentials: { port: 3306 } }
const document = { mysql: [db] }
const json = JSON.stringify(document)
const utf16 = Buffer.from(`\ufeff${json}`, 'utf16le')
const cfEnv = `OK\n\nSystem-Provided:\n${JSON.stringify({ VCAP_SERVICES: document })}\n\n{"VCAP_APPLICATION":{}}\n`
const name = (value: unknown) => JSON.stringify({ mysql: [{ ...db, name: value }] })

const same = (result: unknown) => [result, result] as const
const onlyLenient = (strict: string, ...names: readonly string[]) => [strict, names] as const

it.each([
  ['[2] empty', '', same('NOT_SET')],
  ['[3] whitespace', ' \n\t', same('NOT_SET')],
  ['[4] {}', '{}', same([])],
  ['[5] null', 'null', ['INVALID_STRUCTURE', 'NOT_SET']],
  ['[6] []', '[]', ['INVALID_STRUCTURE', 'INVALID_JSON']],
  ['[7] a number', '7', ['INVALID_STRUCTURE', 'NOT_SET']],
  ['[8] a string', '"mysql"', ['INVALID_STRUCTURE', 'NOT_SET']],
  ['[9] truncated', json.slice(0, -9), same('INVALID_JSON')],
  ['[10] UTF-8 with a mark', `\ufeff${json}`, onlyLenient('INVALID_JSON', 'db')],
  ['[11] UTF-16', utf16.toString('utf8'), onlyLenient('INVALID_JSON', 'db')],
  ['[12] CRLF', JSON.stringify(document, null, 1).replaceAll('\n', '\r\n'), same(['db'])],
  ['[13] single quotes', json.replaceAll('"', "'"), onlyLenient('INVALID_JSON', 'db')],
  ['[14] encoded twice', JSON.stringify(json), onlyLenient('INVALID_STRUCTURE', 'db')],
  ['[15] wrapped', JSON.stringify({ VCAP_SERVICES: document }), onlyLenient('INVALID_STRUCTURE', 'db')],
  ['[16] default-env', JSON.stringify({ PORT: 1, VCAP_SERVICES: document }), onlyLenient('INVALID_STRUCTURE', 'db')],
  ['[17] default-env with text', JSON.stringify({ VCAP_SERVICES: json }), onlyLenient('INVALID_STRUCTURE', 'db')],
  ['[18] v3', JSON.stringify({ system_env_json: { VCAP_SERVICES: document } }), onlyLenient('INVALID_STRUCTURE', 'db')],
  [
    "[19] the founding document's sample",
    fixture('mission-invalid-vcap-services.txt'),
    onlyLenient('INVALID_JSON', 'cleardb-1', 'cloudamqp-6', 'cloudamqp-9dbc6', 'rediscloud-1'),
  ],
  ["[20] the founding document's dump", fixture('mission-env-dump.txt'), onlyLenient('INVALID_JSON')],
  ['[21] NAME= and a line break', `VCAP_SERVICES=\n${json}`, onlyLenient('INVALID_JSON', 'db')],
  ['[22] export', `export VCAP_SERVICES='${json}'`, onlyLenient('INVALID_JSON', 'db')],
  ['[22] SET', `SET VCAP_SERVICES=${json}`, onlyLenient('INVALID_JSON', 'db')],
  ['[23] a stray backtick', `${json}\``, onlyLenient('INVALID_JSON', 'db')],
  ['[24] cf env', cfEnv, onlyLenient('INVALID_JSON', 'db')],
  ['[25] a label with null', '{"mysql":null}', ['INVALID_STRUCTURE', 'NOT_SET']],
  ['[26] a label with an object', '{"mysql":{}}', same('INVALID_STRUCTURE')],
  ['[27] a label with text', '{"mysql":"x"}', ['INVALID_STRUCTURE', 'NOT_SET']],
  ['[28] a null service', '{"mysql":[null]}', same('INVALID_STRUCTURE')],
  ['[29] no name', name(undefined), same([null])],
  ['[30] a blank name', name(''), same([null])],
  ['[42] one name under two labels', JSON.stringify({ mysql: [db], redis: [db] }), same(['db', 'db'])],
  ['[43] one name under one label', JSON.stringify({ mysql: [db, db] }), same(['db', 'db'])],
  ['[44] a repeated key', `{"mysql":[],${json.slice(1)}`, same(['db'])],
  ['[45] __proto__ as a label', '{"__proto__":[{"name":"db"}]}', same(['db'])],
  ['[46] __proto__ as a name', name('__proto__'), same(['__proto__'])],
  ['[49] any script', name('größe-数据库-🗄'), same(['größe-数据库-🗄'])],
  ['[50] a lone surrogate', String.raw`{"a":[{"name":"x\ud800"}]}`, same(['x\ud800'])],
  ['[51] an escaped ampersand', String.raw`{"a":[{"name":"a\u0026b"}]}`, same(['a&b'])],
  ['[59] as much as a variable holds', name('x'.repeat(131_072)), same(['x'.repeat(131_072)])],
  ['[60] more than a megabyte', name('x'.repeat(1_200_000)), same(['x'.repeat(1_200_000)])],
  [
    '[61] 10,000 levels',
    `{"a":[{"name":"db","credentials":{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}}]}`,
    [['db'], 'INVALID_JSON'],
  ],
])('%s', (_case, text, [strict, lenient]) => {
  expect(strictNames(text)).toEqual(strict)
  expect(lenientNames(text)).toEqual(lenient)
})

it('[11] UTF-16 as bytes', () => {
  expect(lenientNames(utf16)).toEqual(['db'])
})
