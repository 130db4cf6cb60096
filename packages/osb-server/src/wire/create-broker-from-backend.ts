import type { BrokerBackend } from '../backend.js'
import { assembleBroker, type TenantParts } from './assemble-broker.js'
import type { Broker } from './broker.js'
import type { BrokerOptions } from './broker-options.js'
import { findTenantIn, type Tenant, type Tenants } from './tenants.js'

/** A tenant with a back end of its own. */
export interface BackendTenant extends Tenant {
  /** Default: that of the broker, which is told the tenant. It answers the catalog for each tenant, too. */
  readonly backend?: BrokerBackend | undefined
}

export interface BackendBrokerOptions extends BrokerOptions {
  /** Who else than the broker's own platforms is served, at paths of the form `/{tenant}/v2/…`. Default: nobody. */
  readonly tenants?: Tenants<BackendTenant> | undefined
}

/**
 * Makes an HTTP handler of a back end: everything that the protocol says about requests and answers is checked here,
 * so that the back end gets valid calls only and returns outcomes, never statuses. Parameters are validated by the
 * schemas of the catalog (JSON Schema draft 4 to 2020-12, as `$schema` says). For proxies and stateless brokers;
 * a broker of offerings is made by `createBroker`.
 * @throws {TypeError} when an option is not valid
 * @example
 * const broker = createBrokerFromBackend(backend, { auth: basicAuth({ username, password }) })
 * export default broker // { fetch(request: Request): Promise<Response> }
 */
export function createBrokerFromBackend(backend: BrokerBackend, options: BackendBrokerOptions): Broker {
  return assembleBroker(backend, options, { tenants: options.tenants && backendTenants(backend, options.tenants) })
}

function backendTenants(backend: BrokerBackend, tenants: Tenants<BackendTenant>): TenantParts<BackendTenant> {
  return {
    find: findTenantIn(tenants),
    toParts: (tenant) => ({ backend: tenant.backend ?? backend, parametersOf: undefined }),
  }
}
