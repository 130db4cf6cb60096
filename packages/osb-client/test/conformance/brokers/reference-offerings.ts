import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { defineOffering, type OfferingDefinition, type PlanDefinition } from 'osb-server'

/** Resolves when an operation of this instance or binding has been polled often enough, rejects when it is halted. */
export type Work = (key: string, signal: AbortSignal) => Promise<void>

/** How long something that nobody polls takes. */
const unpolledMs = 5_000

/**
 * Asynchronous work whose length is counted in polls, not in time, so that no check depends on how fast the machine is:
 * an operation ends with the third poll of it.
 */
export function polledWork(pollsUntilDone: number): { readonly work: Work; readonly polled: (key: string) => void } {
  const waiting = new Map<string, { left: number; end: () => void }>()
  return {
    polled(key) {
      const entry = waiting.get(key)
      if (entry && --entry.left <= 0) entry.end()
    },
    async work(key, signal) {
      const over = new AbortController()
      waiting.set(key, { left: pollsUntilDone, end: () => over.abort() })
      const either = AbortSignal.any([over.signal, signal])
      await sleep(unpolledMs, undefined, { signal: either, ref: false }).catch(() => undefined)
      waiting.delete(key)
      signal.throwIfAborted()
    },
  }
}

const guid = (number: number): string => `5f3c1a00-7b1e-4c1d-9a52-${String(number).padStart(12, '0')}`

const draft04 = 'http://json-schema.org/draft-04/schema#'

const parametersOf = (kind: string) => ({
  jsonSchema: {
    $schema: draft04,
    type: 'object',
    properties: {
      size: { type: 'integer', minimum: 1, maximum: 10, description: `Size given by a ${kind}.` },
      label: { type: 'string', maxLength: 20, default: 'none' },
    },
    additionalProperties: false,
  },
})

/** Every kind of parameters with a schema. */
const parameters = { provision: parametersOf('provision'), update: parametersOf('update'), bind: parametersOf('bind') }

/** Parameters that are filled in where they are not given. */
const withDefaults = z.strictObject({
  size: z.int().min(1).max(10).default(1),
  tier: z.enum(['shared', 'own']).default('shared'),
})

const maintenance_info = { version: '2.1.1+abcdef', description: 'A restart of a second.' }

const plan = (number: number, name: string, more: Partial<PlanDefinition> = {}): PlanDefinition => ({
  id: guid(number),
  name,
  description: `The plan ${name}.`,
  free: true,
  parameters,
  ...more,
})

const common = {
  description: 'A service of the reference broker.',
  bindable: true,
  tags: ['reference'],
  metadata: { displayName: 'Reference' },
} as const

type Handlers = Required<Pick<OfferingDefinition, 'provision' | 'update' | 'deprovision' | 'bind' | 'unbind'>>

const handlers = (work: Work): Handlers => ({
  async provision({ instance_id, signal }) {
    await work(`${instance_id} `, signal)
    return { state: undefined, metadata: { labels: { kind: 'reference' } } }
  },
  async update({ instance_id, signal }) {
    await work(`${instance_id} `, signal)
  },
  async deprovision({ instance_id, signal }) {
    await work(`${instance_id} `, signal)
  },
  async bind({ instance_id, binding_id, signal }) {
    await work(`${instance_id} ${binding_id}`, signal)
    return {
      credentials: {
        uri: `db://${binding_id}:secret-of-${binding_id}@db.reference.test:5432/${instance_id}`,
        username: binding_id,
        password: `secret-of-${binding_id}`,
      },
      endpoints: [{ host: 'db.reference.test', ports: ['5432', '9000-9010'], protocol: 'tcp' }],
      metadata: { expires_at: '2999-12-31T23:59:59.0Z', renew_before: '2999-11-30T23:59:59.0Z' },
    }
  },
  async unbind({ instance_id, binding_id, signal }) {
    await work(`${instance_id} ${binding_id}`, signal)
  },
})

const none: Work = () => Promise.resolve()

const featured = (number: number): PlanDefinition[] => [
  plan(number + 1, 'small', {
    binding_rotatable: true,
    maintenance_info,
    metadata: { costs: [{ amount: { usd: 0.5 }, unit: 'MONTHLY' }], bullets: ['1 GB'] },
  }),
  plan(number + 2, 'large', { free: false, binding_rotatable: true, maintenance_info }),
  plan(number + 3, 'fixed', { plan_updateable: false }),
  plan(number + 4, 'unbindable', { bindable: false }),
]

const sql = defineOffering({
  ...common,
  ...handlers(none),
  id: guid(100),
  name: 'reference-sql',
  plans: featured(100),
  plan_updateable: true,
  allow_context_updates: true,
  dashboard_client: { id: 'reference-sql', secret: 'of-the-dashboard', redirect_uri: 'https://dashboard.test' },
  dashboardUrl: ({ instance_id }) => `https://dashboard.test/${encodeURIComponent(instance_id)}`,
})

const cluster = (work: Work): OfferingDefinition =>
  defineOffering({
    ...common,
    ...handlers(work),
    id: guid(200),
    name: 'reference-cluster',
    async: 'always',
    plans: featured(200),
    plan_updateable: true,
    allow_context_updates: true,
    dashboardUrl: ({ instance_id }) => `https://cluster.test/${encodeURIComponent(instance_id)}`,
  })

const granted = (number: number, permission: 'syslog_drain' | 'route_forwarding' | 'volume_mount', data: object) =>
  defineOffering({
    ...common,
    ...handlers(none),
    id: guid(number),
    name: `reference-${permission.replace('_', '-')}`,
    requires: [permission],
    plans: [plan(number + 1, 'standard')],
    bind: () => Promise.resolve(data),
  })

const drain = granted(300, 'syslog_drain', { syslog_drain_url: 'syslog-tls://logs.reference.test:6514' })
const route = granted(400, 'route_forwarding', { route_service_url: 'https://route.reference.test' })
const volume = granted(500, 'volume_mount', {
  volume_mounts: [
    {
      driver: 'nfs',
      container_dir: '/data',
      mode: 'rw',
      device_type: 'shared',
      device: { volume_id: 'volume-1', mount_config: { server: 'nfs.reference.test' } },
    },
  ],
})

const apps = defineOffering({
  ...common,
  ...handlers(none),
  id: guid(600),
  name: 'reference-apps',
  requiresApp: true,
  plans: [plan(601, 'standard', { parameters: { ...parameters, provision: withDefaults } }), plan(602, 'other')],
})

const plain = defineOffering({
  id: guid(700),
  name: 'reference-plain',
  description: 'No fetch, no schema, no update.',
  bindable: false,
  instances_retrievable: false,
  bindings_retrievable: false,
  plans: [{ id: guid(701), name: 'only', description: 'The only plan.' }],
  provision: () => Promise.resolve(),
  deprovision: () => Promise.resolve(),
})

/** The offerings by name, in the order of the catalog. */
export const referenceOfferings = (work: Work) => ({ sql, cluster: cluster(work), drain, route, volume, apps, plain })

export type OfferingName = keyof ReturnType<typeof referenceOfferings>
