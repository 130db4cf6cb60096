import { z } from 'zod'
import { basicAuth } from '../../src/auth/basic-auth.js'
import { OsbError } from '../../src/errors.js'
import { createBroker } from '../../src/lifecycle/create-broker.js'
import { defineOffering } from '../../src/offering/define-offering.js'
import { definePlan } from '../../src/offering/define-plan.js'
import { memoryStore } from '../../src/stores/memory-store.js'
import type { Broker } from '../../src/wire/broker.js'

/** What an author's function of the fuzzed broker throws: the only thing that may be behind a 5xx. */
export class AuthorFault extends Error {}

const behaviour = z.enum(['quick', 'slow', 'throw', 'refuse', 'nothing', 'break']).default('quick')
const parameters = z.object({ behaviour, size: z.int().optional() })

const small = definePlan({
  id: 'small',
  name: 'small',
  description: 'small',
  plan_updateable: true,
  binding_rotatable: true,
  maintenance_info: { version: '1.0.0' },
  parameters: { provision: parameters, update: parameters, bind: parameters },
})
const large = definePlan({ id: 'large', name: 'large', description: 'large' })

type Asked = { readonly parameters: object | undefined }

/** Does what the parameters ask for; `broken` is an answer that must never reach the platform. */
async function behave<Result>({ parameters: asked }: Asked, result: Result, broken: unknown): Promise<Result> {
  const { behaviour: wanted }: { behaviour?: string } = asked ?? {}
  switch (wanted) {
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, 3))
      return result
    case 'throw':
      throw new AuthorFault('hunter2')
    case 'refuse':
      throw OsbError.unprocessable('not now')
    case 'nothing':
      return undefined as Result
    case 'break':
      return broken as Result
    case undefined:
    default:
      return result
  }
}

const work = {
  dashboardUrl: ({ instance_id }: { instance_id: string }) => `https://dashboard/${encodeURIComponent(instance_id)}`,
  provision: (input: Asked) => behave(input, { state: { host: 'h' } }, { state: {}, metadata: 'none' }),
  update: (input: Asked) => behave(input, { metadata: { labels: { a: 'b' } } }, { metadata: [] }),
  bind: (input: Asked) => behave(input, { credentials: { password: 'pw' } }, { endpoints: [{ host: '', ports: [1] }] }),
  unbind: async () => {},
  deprovision: async () => {},
}

const service = defineOffering({
  id: 'service',
  name: 'service',
  description: 'allows all',
  bindable: true,
  allow_context_updates: true,
  plans: [small, large],
  ...work,
})
const shut = defineOffering({
  id: 'shut',
  name: 'shut',
  description: 'allows little, and always takes its time',
  bindable: false,
  async: 'always',
  plans: [{ id: 'shut-small', name: 'small', description: 'small' }],
  provision: work.provision,
  deprovision: work.deprovision,
})

export function fuzzedBroker(
  onError: (error: unknown, report: { readonly status?: number | undefined }) => void,
): Broker {
  return createBroker({
    offerings: [service, shut],
    auth: basicAuth({ username: 'platform', password: 'secret' }),
    store: memoryStore(),
    syncWindowMs: 1,
    drainMs: 1_000,
    onError,
  })
}
