import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mutants } from './mutants/index.js'

const text = readFileSync(new URL('../../../../docs/spec/requirements.md', import.meta.url), 'utf8')
const rows = new Map(
  [...text.matchAll(/^\| ([A-Z0-9]+-\d+) +\| (\w+) +\| ([A-Z ]+?) +\|/gm)].map(([, id, who]) => [id, who]),
)

describe('the corpus of broken brokers', () => {
  it('has no two of one name', () => {
    const names = mutants.map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it('names rows that brokers have to meet, and probes', () => {
    const unknown = mutants.flatMap(({ name, breaks }) =>
      breaks
        .filter((id) => !id.startsWith('probe:') && !['Broker', 'Both'].includes(rows.get(id) ?? ''))
        .map((id) => `${name}: ${id}`),
    )
    // A platform's duty that a broker can make impossible to meet.
    expect(unknown).toEqual(['update-previous-plan-compared: LOI-04'])
  })
})
