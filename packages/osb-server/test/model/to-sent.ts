import { offeringOf } from './author.js'
import type { SentRequest } from './broker-process.js'
import type { Call } from './calls.js'

const methods = {
  provision: 'PUT',
  bind: 'PUT',
  update: 'PATCH',
  deprovision: 'DELETE',
  unbind: 'DELETE',
  fetch: 'GET',
  poll: 'GET',
}

/** The request of a call. */
export function toSent(call: Call): SentRequest {
  const { op, tenant, instance } = call
  const plan = 'plan' in call && call.plan !== undefined ? call.plan : 'a'
  const service_id = op === 'update' ? call.service : offeringOf(plan)
  const query = new URLSearchParams()
  if ('acceptsIncomplete' in call && call.acceptsIncomplete) query.set('accepts_incomplete', 'true')
  if (op === 'deprovision' || op === 'unbind')
    for (const [name, id] of [
      ['service_id', service_id],
      ['plan_id', plan],
    ] as const)
      query.set(name, id)
  if (op === 'poll' && call.operation !== undefined) query.set('operation', call.operation)
  const binding = 'binding' in call && call.binding !== undefined ? `/service_bindings/${call.binding}` : ''
  const path = `${tenant === '' ? '' : `/${tenant}`}/v2/service_instances/${instance}${binding}`
  return {
    method: methods[op],
    target: `${path}${op === 'poll' ? '/last_operation' : ''}?${query.toString()}`,
    version: 'old' in call && call.old ? '2.13' : '2.17',
    body: toBody(call, service_id),
  }
}

function toBody(call: Call, service_id: string): object | undefined {
  switch (call.op) {
    case 'provision':
      return {
        service_id,
        plan_id: call.plan,
        parameters: call.parameters,
        organization_guid: call.place,
        space_guid: 's',
      }
    case 'update':
      return { service_id, plan_id: call.plan, parameters: call.parameters }
    case 'bind': {
      const { plan: plan_id, parameters, app: app_guid, predecessor: predecessor_binding_id } = call
      return { service_id, plan_id, parameters, bind_resource: { app_guid }, predecessor_binding_id }
    }
    case 'deprovision':
    case 'unbind':
    case 'fetch':
    case 'poll':
      return undefined
  }
}
