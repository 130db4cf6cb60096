import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { referenceBroker } from './brokers/reference-broker.js'
import { mutants } from './mutants/index.js'
import { variants } from './variants/index.js'
import { walk } from './walk.js'
import type { VariantAuth } from './variants/variant.js'

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
    expect(unknown).toEqual([])
  })
})

describe.concurrent('a mutant answers otherwise than the reference, so that there is something to find', () => {
  const [few, all] = [['sql', 'cluster'] as const, undefined].map((only) => ({
    only,
    reference: walk(referenceBroker(only ? { only } : {})),
  }))

  it.each(mutants)('$name', async ({ make }) => {
    // Most show on a short way.
    if (!isDeepStrictEqual(await walk(make(few!.only)), await few!.reference)) return
    expect(await walk(make())).not.toEqual(await all!.reference)
  })
})

describe('the reference', () => {
  it('answers the same walk in the same way, so that a difference is one of the mutant', async () => {
    expect(await walk(referenceBroker())).toEqual(await walk(referenceBroker()))
  })
})

describe('the legal variants', () => {
  it('are at least thirty, no two of one name', () => {
    const names = variants.map(({ name }) => name)
    expect(names.length).toBeGreaterThanOrEqual(30)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(variants)('$name: can be logged in to and has a catalog', async ({ auth, basePath, make }) => {
    const broker = make()
    const response = await broker.fetch(
      new Request(`http://broker.test${basePath}/v2/catalog`, {
        headers: { 'X-Broker-API-Version': '2.17', ...authorizationOf(auth) },
      }),
    )
    expect(response.status).toBe(200)
    expect(await response.json()).toHaveProperty('services')
    await broker.close()
  })
})

function authorizationOf(auth: VariantAuth): Record<string, string> {
  if (auth === 'none') return {}
  return {
    authorization: 'token' in auth ? `Bearer ${auth.token}` : `Basic ${btoa(`${auth.username}:${auth.password}`)}`,
  }
}
