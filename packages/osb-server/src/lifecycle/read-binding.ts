import type { BindResponse } from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import type { ResourceRecord } from '../stores/broker-store.js'
import { jsonCopy } from '../stores/json-copy.js'
import { existingBinding } from './handler-input.js'
import type { Lifecycle } from './lifecycle.js'
import type { BindingRequest } from './stored-requests.js'
import { within } from './timers.js'

/**
 * What a live binding gives to its application: as stored, or, where that must not be, as the author's `readBinding`
 * says.
 * @param details whose signal aborts when the platform disconnects; it is made only where it is asked for
 * @throws what `readBinding` throws; {OsbError} 500 when it takes longer than a synchronous call may
 */
export async function readBindingData(
  { offerings, syncTimeoutMs }: Lifecycle,
  records: { readonly record: ResourceRecord; readonly instance: ResourceRecord },
  details: Pick<RequestDetails, 'signal'>,
): Promise<BindResponse> {
  const { key, service_id, secrets } = records.record
  const stored = secrets.answer as BindResponse
  const offering = offerings.offering(service_id)
  if (offering?.storesCredentials !== false || !offering.readBinding) return stored
  const late = new AbortController()
  const reading = offering.readBinding({
    ...existingBinding(offerings, records),
    tenant: key.tenant,
    parameters: jsonCopy((secrets.request as BindingRequest).parameters ?? {}),
    signal: AbortSignal.any([details.signal, late.signal]),
  })
  const data = await within(reading, syncTimeoutMs)
  if (data) return { ...stored, ...(data as BindResponse) }
  late.abort()
  // It may heed the signal and reject, which nobody waits for any more.
  reading.catch(() => undefined)
  throw OsbError.internal(new Error(`readBinding took longer than ${syncTimeoutMs} ms, or returned nothing`))
}
