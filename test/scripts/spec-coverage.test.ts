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
| GEN-06 | Both | MUST | Be kind. | – | here |
`)
const test = (name: string, where = 'osb-server') => ({ package: where, file: 'src/a.test.ts', name })
const author = { owner: 'author', reason: 'hers' } as const
const platform = { owner: 'platform', reason: 'theirs' } as const
/** A row that is held on the side that a case is not about. */
const sent = test('PROV-08: a', 'osb-client')

describe('coverage', () => {
  it.each([
    ['is complete with a test and an owner', [test('PROV-12: a'), sent], { 'PROV-13': author }, []],
    [
      'is complete with an owner on the side of the platform',
      [test('PROV-12, PROV-13: a')],
      { 'PROV-08': platform },
      [],
    ],
    [
      'lacks a row of the platform, which no test of the server holds',
      [test('PROV-12, PROV-13, PROV-08: a')],
      {},
      ['PROV-08 has neither'],
    ],
    [
      'has an owner of the other side',
      [test('PROV-12, PROV-13: a')],
      { 'PROV-08': author },
      ['PROV-08: the owner is none of platform'],
    ],
    ['lacks a row', [test('PROV-12: a'), sent], {}, ['PROV-13 has neither']],
    [
      'has a row twice',
      [test('PROV-12, PROV-13: a'), sent],
      { 'PROV-13': author },
      ['PROV-13 has an owner (author) and'],
    ],
    [
      'counts no test of the client',
      [test('PROV-12: a', 'osb-client'), sent],
      { 'PROV-13': author },
      ['PROV-12 has neither'],
    ],
    ['knows no such row', [test('PROV-12, PROV-99: a'), sent], { 'PROV-13': author }, ['PROV-99 does not exist']],
    [
      'knows no such prefix',
      [test('PORV-12: a'), test('PROV-12: UTF-16'), sent],
      { 'PROV-13': author },
      ['PORV-12 does not'],
    ],
    [
      'has an owner for nothing',
      [test('PROV-12, PROV-13: a'), sent],
      { 'GEN-06': author },
      ['GEN-06 has an owner but'],
    ],
    [
      'has no reason',
      [test('PROV-12: a'), sent],
      { 'PROV-13': { ...author, reason: '' } },
      ['PROV-13 has an owner but no'],
    ],
  ])('%s', (_case, tests, owners, faults) => {
    const found = judgeCoverage(requirements, tests, owners).faults
    expect(found).toEqual(faults.map((start) => expect.stringContaining(start) as unknown))
  })

  it('is written with its tests and owners, the rows of platforms after those of brokers', () => {
    const text = formatCoverage(judgeCoverage(requirements, [test('PROV-12: a|b %s'), sent], { 'PROV-13': author }))
    expect(text).toContain('| PROV-12 | SHOULD | 200 to a repeat. | `osb-server/src/a.test.ts`: PROV-12: a\\|b … |')
    expect(text).toContain('| PROV-13 | MUST | 201. | **author**: hers |')
    expect(text.split('## Rows of platforms')[1]).toContain(
      '| PROV-08 | MUST | Send a body. | `osb-client/src/a.test.ts`: PROV-08: a |',
    )
  })
})
