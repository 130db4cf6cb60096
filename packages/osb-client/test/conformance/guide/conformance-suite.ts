import { runConformance } from 'osb-client/conformance'
import { expect, it } from 'vitest'
import { makeBroker } from './broker.js'

it('the broker keeps to the Open Service Broker API', async () => {
  const broker = makeBroker('a-password')
  const findings: string[] = []
  const run = runConformance({
    url: 'http://broker.test',
    auth: { username: 'platform', password: 'a-password' },
    fetch: (url, init) => broker.fetch(new Request(url, init)),
    seed: 1,
  })
  for await (const { check, outcome, expected, found } of run)
    if (outcome === 'fail' || outcome === 'warning') findings.push(`${check}: expected ${expected}, found ${found}`)
  await broker.close()
  expect(findings).toEqual([])
}, 60_000)
