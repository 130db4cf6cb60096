import type { Authenticator } from '../auth/authenticator.js'
import type { BrokerBackend } from '../backend.js'
import { type CatalogSource, createCatalogSource } from './catalog-source.js'
import type { ParametersLookup } from './check-parameters.js'

/** What every tenant has. */
export interface Tenant {
  /** Who may come in as this tenant. */
  readonly auth: Authenticator
}

/**
 * Tenants by their names, or a function that finds one. The function is asked on every request, before the login is
 * checked, so it should answer from memory. It returns the same object for the same tenant each time: what the broker
 * makes for a tenant, its catalog above all, lives as long as that object does, and the memory that all tenants take is
 * that of the objects that the function keeps.
 */
export type Tenants<Own extends Tenant> =
  | Readonly<Record<string, Own>>
  | ((name: string) => Own | undefined | Promise<Own | undefined>)

/** What answers the requests of one tenant. */
export interface Serving {
  /** The empty string for requests without a tenant. */
  readonly tenant: string
  readonly backend: BrokerBackend
  readonly catalog: CatalogSource
  /** Finds the validators of the back end's own; without them, the schemas of the catalog are gone by. */
  readonly parametersOf: ParametersLookup | undefined
}

export type ServingParts = Pick<Serving, 'backend' | 'parametersOf'>

/** A tenant that was found. */
export interface FoundTenant {
  readonly auth: Authenticator
  /** Makes what serves it, unless it is there; not before the login, as the work would show that the tenant exists. */
  serve(): Serving
}

/** Finds a tenant; undefined when there is no such tenant. */
export interface TenantFinder {
  find(name: string): Promise<FoundTenant | undefined>
  /** Lets each tenant's catalog be loaded anew when it is next needed; one that fails is served as it was. */
  reload(): void
}

/**
 * Makes the lookup of tenants by name.
 * @throws {TypeError} when a tenant has no authenticator; a function's tenants are checked when it returns them
 */
export function findTenantIn<Own extends Tenant>(tenants: Tenants<Own>): (name: string) => Promise<Own | undefined> {
  if (typeof tenants === 'function') return async (name) => checkTenant(await tenants(name))
  for (const tenant of Object.values(tenants)) checkTenant(tenant)
  return async (name) => (Object.hasOwn(tenants, name) ? tenants[name] : undefined)
}

function checkTenant<Own extends Tenant>(tenant: Own | undefined): Own | undefined {
  // Callers without types must not get an open tenant by leaving it out.
  if (tenant !== undefined && typeof (tenant.auth as Authenticator | undefined)?.authenticate !== 'function')
    throw new TypeError('each tenant needs the option auth, such as basicAuth(…)')
  return tenant
}

/** @param onFault hears of catalogs that could not be loaded anew */
export function serveTenants<Own extends Tenant>(
  findOwn: (name: string) => Promise<Own | undefined>,
  toParts: (tenant: Own) => ServingParts,
  onFault: (error: unknown, tenant: string) => void,
): TenantFinder {
  const known = new WeakMap<Own, Serving>()
  let version = 0

  function serve(name: string, tenant: Own): Serving {
    const before = known.get(tenant)
    // One object may stand for several names; what belongs to one of them must not serve another.
    if (before?.tenant === name) return before
    const parts = toParts(tenant)
    const source = createCatalogSource(parts.backend, name, parts.parametersOf === undefined)
    const catalog = reloadedWhenOld(
      source,
      () => version,
      (error) => onFault(error, name),
    )
    const serving = { tenant: name, catalog, ...parts }
    known.set(tenant, serving)
    return serving
  }

  return {
    async find(name) {
      const tenant = name === '' ? undefined : await findOwn(name)
      return tenant && { auth: tenant.auth, serve: () => serve(name, tenant) }
    },
    reload() {
      version++
    },
  }
}

function reloadedWhenOld(
  source: CatalogSource,
  currentVersion: () => number,
  onFault: (error: unknown) => void,
): CatalogSource {
  let version = currentVersion()
  return {
    ...source,
    current() {
      if (version === currentVersion()) return source.current()
      version = currentVersion()
      return source
        .reload()
        .catch(onFault)
        .then(() => source.current())
    },
  }
}
