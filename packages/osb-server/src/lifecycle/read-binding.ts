import type { BindResponse } from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import { OsbError } from '../errors.js'
import type { MaybePromise } from '../is-promise.js'
import type { OfferingDefinition } from '../offering/define-offering.js'
import { jsonCopy } from '../stores/json-copy.js'
import { type BindingRecords, existingBinding } from './handler-input.js'
import type { Lifecycle } from './lifecycle.js'
import type { BindingRequest } from './stored-requests.js'
import { within } from './timers.js'

/**
 * What a live binding gives to its application: as stored, or, where that must not be, as the author's `readBinding`
 * says.
 * @param details whose signal aborts when the platform disconnects; it is made only where it is asked for
 * @returns a promise only where the author is asked
 * @throws what `readBinding` throws; {OsbError} 500 when it takes longer than a synchronous call may
 */
export function readBindingData(
  lifecycle: Lifecycle,
  records: BindingRecords,
  details: Pick<RequestDetails, 'signal'>,
): MaybePromise<BindResponse> {
  const { service_id, secrets } = records.record
  const offering = lifecycle.offerings.offering(service_id)
  if (offering?.storesCredentials !== false || !offering.readBinding) return secrets.answer
  return askAuthor(lifecycle, records, details, offering.readBinding)
}

async function askAuthor(
  { offerings, syncTimeoutMs }: Lifecycle,
  records: BindingRecords,
  details: Pick<RequestDetails, 'signal'>,
  readBinding: NonNullable<OfferingDefinition['readBinding']>,
): Promise<BindResponse> {
  const { key, secrets } = records.record
  const late = new AbortController()
  const reading = readBinding({
    ...existingBinding(offerings, records),
    tenant: key.tenant,
    parameters: jsonCopy((secrets.request as BindingRequest).parameters ?? {}),
    signal: AbortSignal.any([details.signal, late.signal]),
  })
  const data = await within(reading, syncTimeoutMs)
  if (data) return { ...(secrets.answer as BindResponse), ...(data as BindResponse) }
  late.abort()
  // It may heed the signal and reject, which nobody waits for any more.
  reading.catch(() => undefined)
  throw OsbError.internal(new Error(`readBinding took longer than ${syncTimeoutMs} ms, or returned nothing`))
}
