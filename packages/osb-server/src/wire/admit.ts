import type { Login } from '../auth/authenticator.js'
import { OsbError } from '../errors.js'
import { isPromise } from '../is-promise.js'
import { findTenant } from './find-tenant.js'
import type { WireSettings } from './settings.js'
import type { Serving, TenantFinder } from './tenants.js'
import type { WireRequest } from './wire-request.js'

/** Whom a broker serves, and how it decides who may come in. */
export interface Doors {
  readonly settings: WireSettings
  /** Serves requests without a tenant. */
  readonly own: Serving
  readonly tenants: TenantFinder | undefined
}

/** A request that may come in. */
export interface Admission {
  readonly serving: Serving
  readonly login: Login
  /** Where the paths of the protocol begin. */
  readonly basePath: string | undefined
}

/**
 * Counts the request, finds its tenant and checks its login. A tenant that is not known is told the same, after the
 * same work, as a login that is wrong: the broker's own login is checked, and refused whatever comes of it.
 * @throws {OsbError} 429 over the rate limit, 401 without a login that is right (AUTH-07)
 */
export function admit(doors: Doors, request: WireRequest): Admission | PromiseLike<Admission> {
  const { settings, own, tenants } = doors
  const { auth, checkRate, basePath } = settings
  checkRate?.(request)
  if (tenants) return admitTenant(doors, tenants, request)
  const enter = (login: Login | undefined): Admission => {
    if (!login) throw OsbError.unauthorized(auth.challenge)
    return { serving: own, login, basePath }
  }
  const login = auth.authenticate(request)
  return isPromise(login) ? login.then(enter) : enter(login)
}

async function admitTenant({ settings, own }: Doors, tenants: TenantFinder, request: WireRequest): Promise<Admission> {
  const { auth } = settings
  const { tenant, basePath } = findTenant(request.target, settings.basePath)
  const found = tenant === undefined ? { auth, serve: () => own } : await tenants.find(tenant)
  const login = await (found?.auth ?? auth).authenticate(request)
  if (!found || !login) throw OsbError.unauthorized(auth.challenge)
  return { serving: found.serve(), login, basePath }
}
