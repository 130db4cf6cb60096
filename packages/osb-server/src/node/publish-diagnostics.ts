import { channel } from 'node:diagnostics_channel'
import type { Broker } from '../wire/broker.js'

/** The channels of `node:diagnostics_channel` that a broker can be heard on. Names and messages are stable. */
export const diagnosticsChannels = {
  /** Message: a `RequestReport`, for each request that passed all checks, before it is carried out. */
  request: 'osb-server:request',
  /** Message: an `OutcomeReport`, for every answer. */
  outcome: 'osb-server:outcome',
  /** Message: `{ error, report }`, what was thrown and an `ErrorReport`. */
  error: 'osb-server:error',
} as const

/**
 * Publishes what a broker does on `diagnosticsChannels`, for tracing and metrics that know nothing of the app. Nothing
 * is made or sent while nobody subscribes.
 * @returns a function that ends it
 * @example
 * publishDiagnostics(broker)
 * subscribe('osb-server:outcome', ({ request, status, durationMs }) => …) // of node:diagnostics_channel
 */
export function publishDiagnostics(broker: Pick<Broker, 'observe'>): () => void {
  const request = channel(diagnosticsChannels.request)
  const outcome = channel(diagnosticsChannels.outcome)
  const error = channel(diagnosticsChannels.error)
  return broker.observe({
    onRequest: (report) => request.publish(report),
    onOutcome: (report) => outcome.publish(report),
    onError(thrown, report) {
      if (error.hasSubscribers) error.publish({ error: thrown, report })
    },
  })
}
