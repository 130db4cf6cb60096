import type { Clock } from '../clock.js'
import type { RawBroker } from './raw-broker.js'
import { isSuccess, type Sent } from './sent.js'

/** What it takes to restart a broker. */
interface Restartable {
  readonly broker: RawBroker
  readonly restart: ((signal: AbortSignal) => Promise<void>) | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
}

const timeoutMs = 60_000
const pauseMs = 500

/**
 * Restarts the broker, and waits until it answers again.
 * @returns the first good answer, or the last bad one; a text that says why it could not be restarted
 */
export async function restartBroker({ restart, signal, clock, broker }: Restartable): Promise<Sent | string> {
  if (!restart) return 'nothing was given to restart it with'
  try {
    await restart(signal)
  } catch (error) {
    signal.throwIfAborted()
    return error instanceof Error ? error.message : String(error)
  }
  const endsAt = clock.now() + timeoutMs
  for (;;) {
    const sent = await broker.send({ label: 'the catalog, after a restart', method: 'GET', path: '/v2/catalog' })
    if (isSuccess(sent) || clock.now() >= endsAt) return sent
    await clock.sleep(pauseMs, signal)
  }
}
