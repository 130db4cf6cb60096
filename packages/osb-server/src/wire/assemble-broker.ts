import type { BrokerBackend } from '../backend.js'
import { OsbError } from '../errors.js'
import { createObservers, type Observers } from '../hooks/observers.js'
import type { Broker } from './broker.js'
import type { BrokerOptions } from './broker-options.js'
import { createCatalogSource } from './catalog-source.js'
import type { ParametersLookup } from './check-parameters.js'
import { fetchWith } from './fetch-adapter.js'
import { handleRequest, refuseRequest, type WireContext } from './handle-request.js'
import { countRequests } from './running-requests.js'
import { readOptions } from './settings.js'
import { type ServingParts, serveTenants, type Tenant } from './tenants.js'
import type { WireRequest, WireResponse } from './wire-request.js'

export interface TenantParts<Own extends Tenant> {
  readonly find: (name: string) => Promise<Own | undefined>
  readonly toParts: (tenant: Own) => ServingParts
}

/** What the lifecycle storey adds to the wire storey. */
export interface BrokerParts<Own extends Tenant = Tenant> {
  /** Finds the parameters that a plan declares. Default: those of requests are validated by the catalog's schemas. */
  readonly parametersOf?: ParametersLookup | undefined
  /** Finds a tenant, and what answers its requests; without it, all requests are without tenant. */
  readonly tenants?: TenantParts<Own> | undefined
  /** Default: made of the options. */
  readonly observers?: Observers | undefined
  /**
   * Called once by the first `Broker.close`, when new requests have begun to be refused; `answered` settles when the
   * last request that came before has been answered.
   */
  readonly close?: ((answered: Promise<void>) => Promise<void>) | undefined
}

/** Makes a broker of a back end and the parts that only this package's own back end has. */
export function assembleBroker<Own extends Tenant>(
  backend: BrokerBackend,
  options: BrokerOptions,
  parts: BrokerParts<Own>,
): Broker {
  const { parametersOf, observers = createObservers(options), close } = parts
  const settings = readOptions(options)
  const catalog = createCatalogSource(backend, '', parametersOf === undefined)
  const tenants =
    parts.tenants &&
    serveTenants(parts.tenants.find, parts.tenants.toParts, (error, tenant) =>
      observers.onError(error, { operation: 'catalog', tenant }),
    )
  const own = { tenant: '', backend, catalog, parametersOf }
  const requests = countRequests()
  const context: WireContext = { settings, own, tenants, observers, requests }
  let closing: Promise<void> | undefined

  function handle(request: WireRequest): Promise<WireResponse> {
    if (!closing) return handleRequest(context, request)
    return Promise.resolve(refuseRequest(context, request, OsbError.unavailable('The broker is shutting down.')))
  }

  return {
    handle,
    fetch: fetchWith(handle),
    reload() {
      tenants?.reload()
      return catalog.reload()
    },
    observe: observers.add,
    close() {
      closing ??= Promise.all([requests.allAnswered(), close?.(requests.allAnswered())]).then(() => undefined)
      return closing
    },
  }
}
