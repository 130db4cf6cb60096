import { runConformance, toTerminal } from 'osb-client/conformance'
import { afterAll, expect, it } from 'vitest'
import { broker, login } from './broker.js'

afterAll(() => broker.close())

it('keeps the rules of the Open Service Broker API', async () => {
  const run = runConformance({
    url: 'http://broker.test',
    auth: login,
    fetch: (url, init) => broker.fetch(new Request(url, init)),
    polling: { startIntervalMs: 10 },
  })
  let next = await run.next()
  while (!next.done) next = await run.next()
  const { counts, leftovers } = next.value
  expect({ fail: counts.fail, leftovers }, toTerminal(next.value)).toEqual({ fail: 0, leftovers: [] })
}, 120_000)
