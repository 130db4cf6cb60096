import { composeVcapServices } from 'vcap-services'
import type { PlanUnderTest } from '../plan-under-test.js'
import type { Target } from '../scene-context.js'

type Values = Readonly<Record<string, unknown>>

/** What an app gets of a binding on Cloud Foundry: `VCAP_SERVICES`, values hidden. */
export function previewVcapServices(
  { offering, plan }: PlanUnderTest,
  { instance_id, binding_id = '' }: Target,
  body: Values,
): Values {
  const { credentials, syslog_drain_url, volume_mounts } = body
  return composeVcapServices([
    {
      offering,
      plan,
      instance_guid: instance_id,
      instance_name: 'osb-check',
      binding_guid: binding_id,
      binding_name: null,
      credentials: hidden(isObject(credentials) ? credentials : {}) as Record<string, unknown>,
      syslog_drain_url: typeof syslog_drain_url === 'string' ? mask : null,
      volume_mounts: Array.isArray(volume_mounts) ? volume_mounts.filter(isObject) : [],
    },
  ])
}

/** What an app gets of a binding on Kubernetes: the data of a Secret, where what is no text stands as JSON. */
export function previewSecret(body: Values): Values {
  const { credentials } = body
  return Object.fromEntries(
    Object.entries(isObject(credentials) ? credentials : {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? mask : JSON.stringify(hidden(value)),
    ]),
  )
}

const mask = '[redacted]'

function hidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hidden)
  if (!isObject(value)) return value === null ? null : mask
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hidden(inner)]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
