import type { BrokerBackend } from '../backend.js'
import { OsbError } from '../errors.js'
import type { Broker } from './broker.js'
import type { BrokerOptions } from './broker-options.js'
import { createCatalogSource } from './catalog-source.js'
import type { ParametersLookup } from './check-parameters.js'
import { fetchWith } from './fetch-adapter.js'
import { handleRequest, refuseRequest, type WireContext } from './handle-request.js'
import { readOptions } from './settings.js'
import type { WireRequest, WireResponse } from './wire-request.js'

/** What the lifecycle storey adds to the wire storey. */
export interface BrokerParts {
  /** Finds the parameters that a plan declares; those of requests are then validated before the back end is called. */
  readonly parametersOf?: ParametersLookup | undefined
  /**
   * Called once by the first `Broker.close`, when new requests have begun to be refused; `answered` settles when the
   * last request that came before has been answered.
   */
  readonly close?: ((answered: Promise<void>) => Promise<void>) | undefined
}

/** Makes a broker of a back end and the parts that only this package's own back end has. */
export function assembleBroker(backend: BrokerBackend, options: BrokerOptions, parts: BrokerParts): Broker {
  const catalog = createCatalogSource(backend)
  const { parametersOf = () => undefined, close } = parts
  const context: WireContext = { backend, catalog, parametersOf, settings: readOptions(options) }
  const requests = countRequests()
  let closing: Promise<void> | undefined

  async function handle(request: WireRequest): Promise<WireResponse> {
    if (closing) return refuseRequest(request, OsbError.unavailable('The broker is shutting down.'))
    return requests.during(handleRequest(context, request))
  }

  return {
    handle,
    fetch: fetchWith(handle),
    reload: () => catalog.reload(),
    close() {
      closing ??= Promise.all([requests.allAnswered(), close?.(requests.allAnswered())]).then(() => undefined)
      return closing
    },
  }
}

function countRequests() {
  let running = 0
  const waiting: (() => void)[] = []
  return {
    /** @param answer never rejects */
    async during<Answer>(answer: Promise<Answer>): Promise<Answer> {
      running++
      const done = await answer
      if (--running === 0) for (const resolve of waiting.splice(0)) resolve()
      return done
    },
    allAnswered(): Promise<void> {
      return running === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))
    },
  }
}
