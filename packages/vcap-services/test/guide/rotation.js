import { Redis } from 'ioredis'
import { watchVcapServices } from 'vcap-services'
import { readRedis, toIoredisOptions } from 'vcap-services/readers'

/**
 * Gives each new login to `use`, until the signal ends it.
 * @param {(client: Redis) => void} use
 * @param {AbortSignal} signal
 * @param {number} [intervalMs]
 */
export async function followCache(use, signal, intervalMs = 10_000) {
  for await (const services of watchVcapServices({ signal, intervalMs })) {
    const cache = readRedis(services.get({ label: 'redis' }))
    use(new Redis({ ...toIoredisOptions(cache), lazyConnect: true }))
  }
}
