import type { OperationName } from 'osb-protocol'
import type { CallArguments } from '../operations/write-request.js'
import type { PlanUnderTest } from './plan-under-test.js'
import type { Target } from './scene-context.js'

/** Where all instances of a run belong; made of its seed, so that the same run sends the same. */
export interface Place {
  readonly organization_guid: string
  readonly space_guid: string
  readonly app_guid: string
}

type Parameters = Readonly<Record<string, unknown>> | undefined

/** What a good platform (Cloud Foundry) says in a call. What is undefined is not sent. */
export function goodCall(
  operation: OperationName,
  { service_id, plan_id, plan, offering, traits }: PlanUnderTest,
  { instance_id, binding_id }: Target,
  place: Place,
  parametersFor: (action: 'provision' | 'update' | 'bind') => Parameters,
): CallArguments {
  const ids = { instance_id, binding_id, service_id, plan_id }
  const { organization_guid, space_guid, app_guid } = place
  const context = {
    platform: 'cloudfoundry',
    organization_guid,
    organization_name: 'osb-check',
    space_guid,
    space_name: 'osb-check',
  }
  const accepts_incomplete = true
  switch (operation) {
    case 'catalog':
      return {}
    case 'provision': {
      const { maintenance_info } = plan
      return {
        ...ids,
        binding_id: undefined,
        accepts_incomplete,
        organization_guid,
        space_guid,
        context: { ...context, instance_name: 'osb-check' },
        parameters: parametersFor('provision'),
        maintenance_info: maintenance_info && { version: maintenance_info.version },
      }
    }
    case 'update':
      return {
        ...ids,
        binding_id: undefined,
        accepts_incomplete,
        context: { ...context, instance_name: 'osb-check' },
        parameters: parametersFor('update'),
        previous_values: { plan_id, service_id, organization_id: organization_guid, space_id: space_guid },
      }
    case 'bind':
      return {
        ...ids,
        // Without the ability to fetch, an asynchronous bind is of no use (T13).
        accepts_incomplete: traits.bindingsRetrievable ? true : undefined,
        context,
        app_guid,
        bind_resource: { app_guid, space_guid, ...routeOf(offering.requires) },
        parameters: parametersFor('bind'),
      }
    case 'deprovision':
    case 'unbind':
      return { ...ids, accepts_incomplete }
    case 'fetchInstance':
    case 'fetchBinding':
    case 'lastInstanceOperation':
    case 'lastBindingOperation':
      return ids
  }
}

function routeOf(requires: readonly string[] | undefined): { route?: string } {
  return requires?.includes('route_forwarding') ? { route: 'app.osb-check.example' } : {}
}
