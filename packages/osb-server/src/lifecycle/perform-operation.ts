import { OsbError } from '../errors.js'
import { isPromise } from '../is-promise.js'
import { defaultMaximumAttempts } from '../offering/behaviour.js'
import type { OfferingDefinition } from '../offering/define-offering.js'
import type { BindResult } from '../offering/handlers.js'
import type { BrokerStore, ResourceRecord } from '../stores/broker-store.js'
import { bindingInput, deleteInput, provisionInput, unbindInput, updateInput } from './handler-input.js'
import { noLongerOffered } from './lifecycle.js'
import type { OfferingIndex } from './offering-index.js'
import type { OperationControl, Performed } from './running-operation.js'

/** Calls the author's function that a record's operation asks for, with input made from the record alone. */
export async function performOperation(
  offerings: OfferingIndex,
  store: BrokerStore,
  record: ResourceRecord,
  control: OperationControl,
): Promise<Performed> {
  const offering = offerings.offering(record.service_id)
  if (!offering) throw noLongerOffered('service offering')
  checkAttempt(record, offering)
  if (record.key.binding_id !== undefined) return performOnBinding(offerings, offering, store, record, control)
  switch (record.operation.kind) {
    case 'create': {
      const input = provisionInput(offerings, offering, record, control)
      return { value: await offering.provision(isPromise(input) ? await input : input) }
    }
    case 'update':
      return { value: await offering.update?.(await updateInput(offerings, offering, record, control)) }
    case 'delete': {
      const input = deleteInput(offerings, offering, record, control)
      return { value: await offering.deprovision(isPromise(input) ? await input : input) }
    }
  }
}

/** Not every function may be called again, and none for ever: one that ends its process each time would go round. */
function checkAttempt({ operation }: ResourceRecord, { onCrash, maximumAttempts }: OfferingDefinition): void {
  const { attempt } = operation
  if (attempt === 1) return
  if (onCrash === 'fail') throw givenUp('The broker stopped during this operation, which cannot be begun again.')
  const maximum = maximumAttempts ?? defaultMaximumAttempts
  if (attempt > maximum) throw givenUp(`The broker stopped during each of ${maximum} attempts at this operation.`)
}

function givenUp(description: string): OsbError {
  return new OsbError({ code: 'InternalError', status: 500, description })
}

async function performOnBinding(
  offerings: OfferingIndex,
  offering: OfferingDefinition,
  store: BrokerStore,
  record: ResourceRecord,
  control: OperationControl,
): Promise<Performed> {
  const instance = control.instance ?? (await store.read(record.key)).instance
  if (!instance) throw OsbError.notFound('The service instance of this binding does not exist any more.')
  const records = { record, instance }
  if (record.operation.kind === 'delete') {
    const input = unbindInput(offerings, offering, records, control)
    return { value: await offering.unbind?.(isPromise(input) ? await input : input) }
  }
  const input = bindingInput(offerings, offering, records, control)
  const result = await offering.bind?.(isPromise(input) ? await input : input)
  return offering.storesCredentials === false ? withoutData(result ?? {}) : { value: result }
}

function withoutData({ state, metadata, ...data }: BindResult): Performed {
  return { value: { state, metadata }, unstored: data }
}
