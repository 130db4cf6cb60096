import { createBroker, defineOffering, definePlan, memoryStore, basicAuth } from 'osb-server'
import { expect, it } from 'vitest'
import { login, type TestBroker } from './brokers/test-broker.js'
import { runChecker } from './run-checker.js'

const none = async () => {}
const guid = (offering: number, plan: number) =>
  `5f3c1a00-7b1e-4c1d-9a52-${String(offering * 1000 + plan).padStart(12, '0')}`

/** Five offerings of twenty plans each, of which every second is asynchronous only. */
function manyPlans(): TestBroker {
  const offerings = Array.from({ length: 5 }, (_offering, at) =>
    defineOffering({
      id: guid(at + 1, 0),
      name: `service-${at + 1}`,
      description: 'One of five.',
      bindable: true,
      plan_updateable: true,
      ...(at % 2 === 1 ? { async: 'always' as const } : {}),
      plans: Array.from({ length: 20 }, (_plan, number) =>
        definePlan({ id: guid(at + 1, number + 1), name: `plan-${number + 1}`, description: 'One of twenty.' }),
      ),
      provision: none,
      update: none,
      deprovision: none,
      bind: async ({ binding_id }) => ({ credentials: { token: `token-of-${binding_id}` } }),
      unbind: none,
    }),
  )
  const broker = createBroker({ offerings, auth: basicAuth(login), store: memoryStore(), drainMs: 0 })
  return { fetch: broker.fetch, close: broker.close }
}

/** Recorded; a run that needs more has become dearer for those whose instances cost money. */
const mostRequests = { onePlanEach: 1_000, allPlans: 19_000 }

it('five offerings with twenty plans take a bounded number of requests, one plan of each', async () => {
  const report = await runChecker(manyPlans())
  expect(report.plans).toHaveLength(5)
  expect(report.requests).toBeLessThanOrEqual(mostRequests.onePlanEach)
  expect(report.counts.fail).toBe(0)
}, 300_000)

it('five offerings with twenty plans take a bounded number of requests, all plans', async () => {
  const report = await runChecker(manyPlans(), { allPlans: true, maxParallel: 8 })
  expect(report.plans).toHaveLength(100)
  expect(report.requests).toBeLessThanOrEqual(mostRequests.allPlans)
  expect(report.counts.fail).toBe(0)
}, 600_000)
