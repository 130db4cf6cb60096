import type {
  BindResponse,
  FetchBindingCall,
  FetchBindingOutcome,
  FetchInstanceCall,
  FetchInstanceOutcome,
  InstanceResponse,
} from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import { isLive, type Lifecycle } from './lifecycle.js'
import { type BindingRequest, type InstanceRequest, withoutUndefined } from './stored-requests.js'

/** The instance as it is; during an update as it was before (GETI-08 … GETI-10). */
export async function fetchInstance(
  { store }: Lifecycle,
  { instance_id }: FetchInstanceCall,
  { tenant }: RequestDetails,
): Promise<FetchInstanceOutcome> {
  const { instance } = await store.read({ tenant, instance_id })
  if (!isLive(instance)) throw OsbError.notFound('There is no such service instance, or not yet.')
  const { service_id, plan_id, secrets } = instance
  const { parameters } = secrets.request as InstanceRequest
  const { dashboard_url, metadata, maintenance_info } = secrets.answer as InstanceResponse
  const body = withoutUndefined({ service_id, plan_id, dashboard_url, parameters, maintenance_info, metadata })
  return { outcome: 'found', body }
}

/** The binding with its credentials (GETB-07 … GETB-13). */
export async function fetchBinding(
  { store }: Lifecycle,
  { instance_id, binding_id }: FetchBindingCall,
  { tenant }: RequestDetails,
): Promise<FetchBindingOutcome> {
  const { instance, binding } = await store.read({ tenant, instance_id, binding_id })
  if (!isLive(instance) || !isLive(binding)) throw OsbError.notFound('There is no such service binding, or not yet.')
  const { parameters } = binding.secrets.request as BindingRequest
  return {
    outcome: 'found',
    body: { ...(binding.secrets.answer as BindResponse), ...withoutUndefined({ parameters }) },
  }
}
