import { describe, expect, it } from 'vitest'
import { findTestNames } from '../../scripts/spec-coverage/find-test-names.mjs'
import { formatCoverage } from '../../scripts/spec-coverage/format-coverage.mjs'
import { judgeCoverage } from '../../scripts/spec-coverage/judge-coverage.mjs'
import { readRequirements } from '../../scripts/spec-coverage/read-requirements.mjs'

describe('test names', () => {
  it.each([
    ['a title', `it('PROV-12: repeats', () => {})`, ['PROV-12: repeats']],
    ['a template', 'test(`PROV-12: ${word}`, f)', ['PROV-12: ${word}']],
    ['a modifier', `it.skipIf(no)('PROV-12: repeats', f)`, ['PROV-12: repeats']],
    ['no comment', `// it('PROV-12: repeats', f)\n/* it('a', f) */`, []],
    ['no method', `suite.it('PROV-12: repeats', f)`, []],
    ['nothing after an odd regular expression', String.raw`a.replace(/['"\/]/, ''); it('b', f)`, ['b']],
    [
      'first cells',
      `it.each([['PROV-12', 'BIND-22'], ['x', 'UPD-22']])('%s: gives', f)`,
      ['%s: gives', 'PROV-12: gives'],
    ],
    ['names of rows', `it.each([{ name: 'PROV-12: a', rule: 1 }])('$name', f)`, ['$name', 'PROV-12: a ($name)']],
    ['bare texts', `it.each(['PROV-12: a', 'b'] as const)('%s', f)`, ['%s', 'PROV-12: a']],
    ['type arguments', `it.each<[(a: A) => B]>([['PROV-12', f]])('%s', f)`, ['%s', 'PROV-12']],
    ['a constant', `const table = { 'PROV-12': 1 }\ndescribe.each(Object.entries(table))('%s', f)`, ['%s', 'PROV-12']],
  ])('are found: %s', (_case, source, names) => {
    expect(findTestNames(source)).toEqual(names)
  })
})

const requirements = readRequirements(`
### 1.19 PROV: Provision

| ID | who | level | requirement | status codes / body | section |
| --- | --- | --- | --- | --- | --- |
| PROV-12 | Broker   | SHOULD | 200 to a repeat. | 200 | here |
| PROV-13 | Broker   | MUST | 201. | 201 | here |
| PROV-08 | Platform | MUST | Send a body. | – | here |
`)
const test = (name: string, where = 'osb-server') => ({ package: where, file: 'src/a.test.ts', name })
const author = { owner: 'author', reason: 'hers' } as const

describe('coverage', () => {
  it.each([
    ['is complete with a test and an owner', [test('PROV-12: a')], { 'PROV-13': author }, []],
    ['lacks a row', [test('PROV-12: a')], {}, ['PROV-13 has neither']],
    ['has a row twice', [test('PROV-12, PROV-13: a')], { 'PROV-13': author }, ['PROV-13 has an owner (author) and']],
    [
      'counts no test of the client',
      [test('PROV-12: a', 'osb-client')],
      { 'PROV-13': author },
      ['PROV-12 has neither'],
    ],
    ['knows no such row', [test('PROV-12, PROV-99: a')], { 'PROV-13': author }, ['PROV-99 does not exist']],
    [
      'knows no such prefix',
      [test('PORV-12: a'), test('PROV-12: UTF-16')],
      { 'PROV-13': author },
      ['PORV-12 does not'],
    ],
    ['has an owner for nothing', [test('PROV-12, PROV-13: a')], { 'PROV-08': author }, ['PROV-08 has an owner but']],
    ['has no reason', [test('PROV-12: a')], { 'PROV-13': { ...author, reason: '' } }, ['PROV-13 has an owner but no']],
  ])('%s', (_case, tests, owners, faults) => {
    const found = judgeCoverage(requirements, tests, owners).faults
    expect(found).toEqual(faults.map((start) => expect.stringContaining(start) as unknown))
  })

  it('is written with its tests and owners, and with the platform’s rows in one line', () => {
    const text = formatCoverage(judgeCoverage(requirements, [test('PROV-12: a|b %s')], { 'PROV-13': author }))
    expect(text).toContain('| PROV-12 | SHOULD | 200 to a repeat. | `osb-server/src/a.test.ts`: PROV-12: a\\|b … |')
    expect(text).toContain('| PROV-13 | MUST | 201. | **author**: hers |')
    expect(text).toContain('| Platform | client (issue 5)')
  })
})
