import { it, vi } from 'vitest'
import type { BrokerBackend, RequestDetails } from '../../src/backend.js'
import type { Broker } from '../../src/wire/broker.js'
import { type Answered, instance, provisionBody, send } from './wire.js'

/** Where a fault was read, what it is, and the proof that it does not happen here. */
export type Fault = readonly [source: string, fault: string, check: () => Promise<void>]

export function notHere(faults: readonly Fault[]): void {
  it.each(faults)('%s: %s', async (_source, _fault, check) => {
    await check()
  })
}

/** Sends a well-formed provision, but for the parts that are given. */
export function put(
  broker: Broker,
  body: unknown = provisionBody,
  headers: Record<string, string | undefined> = {},
): Promise<Answered> {
  return send(broker, `PUT ${instance}`, { body, headers })
}

/** A back end's function that answers always the same, and notes how it is called. */
export function noting<Name extends keyof BrokerBackend>(
  name: Name,
  outcome: unknown,
): {
  readonly own: Partial<BrokerBackend>
  readonly asked: () => readonly [call: Record<string, unknown>, details: RequestDetails]
  readonly calls: () => number
} {
  const call = vi.fn(async (..._rest: unknown[]) => outcome)
  return {
    own: { [name]: call },
    asked: () => call.mock.calls[0] as [Record<string, unknown>, RequestDetails],
    calls: () => call.mock.calls.length,
  }
}

export const quiet = { onError: (): void => undefined }

/** A well-formed originating identity of Cloud Foundry. */
export const cloudFoundryUser = {
  'X-Broker-API-Originating-Identity': `cloudfoundry ${btoa(JSON.stringify({ user_id: 'u' }))}`,
}
