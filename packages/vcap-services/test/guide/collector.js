import { isVcapError, readVcapServices } from 'vcap-services'
import { z } from 'zod'

const Collector = z.object({ uri: z.url(), retries: z.coerce.number().default(3) })

/** The collector, or undefined where none is bound: the app can do without it. */
export function findCollector() {
  const services = readVcapServices()
  if (services.find({ label: 'collector' }) === undefined) return undefined
  try {
    return services.credentials({ label: 'collector' }, Collector)
  } catch (error) {
    // The message names places and kinds of values, and no value: it may be logged.
    if (isVcapError(error) && error.code === 'INVALID_CREDENTIALS') console.warn(error.message)
    throw error
  }
}
