import type {
  FetchBindingCall,
  FetchBindingOutcome,
  FetchInstanceCall,
  FetchInstanceOutcome,
  InstanceResponse,
} from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import { withoutUndefined } from '../stores/json-copy.js'
import { busy, isLive, type Lifecycle, runs } from './lifecycle.js'
import { readBindingData } from './read-binding.js'
import type { BindingRequest, InstanceRequest } from './stored-requests.js'

/** The instance as it is; during an update as it was before, or 422 (GETI-08 … GETI-10). */
export async function fetchInstance(
  { store, offerings }: Lifecycle,
  { instance_id }: FetchInstanceCall,
  { tenant }: RequestDetails,
): Promise<FetchInstanceOutcome> {
  const { instance } = await store.read({ tenant, instance_id })
  if (!isLive(instance)) throw OsbError.notFound('There is no such service instance, or not yet.')
  const { service_id, plan_id, secrets } = instance
  const offering = offerings.offering(service_id)
  if (offering?.instances_retrievable === false) throw OsbError.notFound('This service instance cannot be fetched.')
  if (offering?.fetchDuringUpdate === 'refuse' && runs(instance, 'update')) throw busy('service instance')
  const parameters = offerings.readable(service_id, 'instance', (secrets.request as InstanceRequest).parameters)
  const { dashboard_url, metadata, maintenance_info } = secrets.answer as InstanceResponse
  const body = withoutUndefined({ service_id, plan_id, dashboard_url, parameters, maintenance_info, metadata })
  return { outcome: 'found', body }
}

/** The binding with its credentials (GETB-07 … GETB-13). */
export async function fetchBinding(
  lifecycle: Lifecycle,
  { instance_id, binding_id }: FetchBindingCall,
  details: RequestDetails,
): Promise<FetchBindingOutcome> {
  const { store, offerings } = lifecycle
  const { instance, binding } = await store.read({ tenant: details.tenant, instance_id, binding_id })
  if (!isLive(instance) || !isLive(binding)) throw OsbError.notFound('There is no such service binding, or not yet.')
  const { service_id, secrets } = binding
  if (offerings.offering(service_id)?.bindings_retrievable === false)
    throw OsbError.notFound('This service binding cannot be fetched.')
  const parameters = offerings.readable(service_id, 'binding', (secrets.request as BindingRequest).parameters)
  const data = await readBindingData(lifecycle, { record: binding, instance }, details)
  return { outcome: 'found', body: { ...data, ...withoutUndefined({ parameters }) } }
}
