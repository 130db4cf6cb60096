import { basicAuth, createBroker, defineOffering, definePlan, memoryStore } from 'osb-server'
import { expect, it } from 'vitest'
import { login } from './brokers/test-broker.js'
import { runChecker } from './run-checker.js'

const none = async () => {}
const guid = (number: number) => `5f3c1a00-7b1e-4c1d-9a52-${String(number).padStart(12, '0')}`

/** Five offerings with four plans each. */
const offerings = [1, 2, 3, 4, 5].map((offering) =>
  defineOffering({
    id: guid(offering * 100),
    name: `offering-${offering}`,
    description: 'One of five.',
    bindable: true,
    plan_updateable: true,
    plans: [1, 2, 3, 4].map((plan) =>
      definePlan({ id: guid(offering * 100 + plan), name: `plan-${plan}`, description: 'One of four.' }),
    ),
    provision: none,
    update: none,
    deprovision: none,
    bind: async ({ binding_id }) => ({ credentials: { password: `secret-of-${binding_id}` } }),
    unbind: none,
  }),
)

const mostRequests = { ofOneEach: 1_000, ofAll: 3_900 }

it.each([
  ['one plan of each offering', false, mostRequests.ofOneEach],
  ['all twenty plans', true, mostRequests.ofAll],
] as const)(
  'a run over %s conforms, tells how many requests it sent, and stays under the bound',
  async (_, allPlans, bound) => {
    const progress: string[] = []
    const broker = createBroker({ auth: basicAuth(login), store: memoryStore(), offerings })
    const report = await runChecker(broker, { allPlans, onProgress: (text) => progress.push(text) })
    expect(report.results.filter(({ outcome }) => outcome === 'fail' || outcome === 'warning')).toEqual([])
    expect(report.plans).toHaveLength(allPlans ? 20 : 5)
    expect(report.requests).toBeGreaterThan(report.plans.length * 20)
    expect(report.requests).toBeLessThan(bound)
    expect(progress.length).toBeGreaterThan(report.plans.length)
  },
  60_000,
)
