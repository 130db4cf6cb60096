import { basicAuth, createBroker, defineOffering, definePlan, memoryStore } from 'osb-server'
import { expect, it } from 'vitest'
import { type ConformanceReport, runConformance } from '../../src/conformance.js'

const login = { username: 'checker', password: 'a secret of the login' }
const none = async () => {}

function broker(async: 'always' | 'auto' = 'auto') {
  return createBroker({
    auth: basicAuth(login),
    store: memoryStore(),
    offerings: [
      defineOffering({
        id: '5f3c1a00-7b1e-4c1d-9a52-000000000001',
        name: 'database',
        description: 'A database.',
        bindable: true,
        ...(async === 'always' ? { async } : {}),
        plans: [definePlan({ id: '5f3c1a00-7b1e-4c1d-9a52-000000000002', name: 'small', description: 'Small.' })],
        provision: none,
        deprovision: none,
        bind: async ({ binding_id }) => ({ credentials: { password: `hidden-${binding_id}` } }),
        unbind: none,
      }),
    ],
  })
}

async function reportOf(tested: ReturnType<typeof broker>): Promise<ConformanceReport> {
  const run = runConformance({
    url: 'http://broker.test',
    auth: login,
    fetch: (url, init) => tested.fetch(new Request(url, init)),
    polling: { startIntervalMs: 1 },
  })
  for (;;) {
    const next = await run.next()
    if (next.done) return next.value
  }
}

it.each(['auto', 'always'] as const)('a correct broker (async: %s) conforms, and nothing is left', async (kind) => {
  const tested = broker(kind)
  const report = await reportOf(tested)
  expect(report.results.filter(({ outcome }) => outcome === 'fail' || outcome === 'warning')).toEqual([])
  expect(report).toMatchObject({ verdict: 'conforms', leftovers: [] })
  expect(report.counts.pass).toBeGreaterThan(5)
  expect(JSON.stringify(report)).not.toContain(login.password)
  await tested.close()
})
