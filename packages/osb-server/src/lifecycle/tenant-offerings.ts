import type { Catalog } from 'osb-protocol'
import { checkOffering } from '../offering/check-offering.js'
import type { OfferingDefinition } from '../offering/define-offering.js'
import { toCatalog } from '../offering/to-catalog.js'
import { findTenantIn, type Tenant, type Tenants } from '../wire/tenants.js'
import { indexOfferings, type OfferingIndex } from './offering-index.js'

/** A tenant with offerings of its own. */
export interface OfferingTenant extends Tenant {
  /** What its catalog offers. Default: the offerings of the broker. */
  readonly offerings?: readonly OfferingDefinition[] | undefined
}

/** Offerings in the forms that they are used in. */
export interface Offered {
  readonly catalog: Catalog
  readonly index: OfferingIndex
}

/** Finds what is offered to whom. */
export interface OfferingsByTenant {
  readonly own: Offered
  readonly find: ((name: string) => Promise<OfferingTenant | undefined>) | undefined
  readonly of: (tenant: OfferingTenant) => Offered
  /** Nothing at all for a tenant that is not there any more, though work for it may be. */
  readonly named: (name: string) => Offered | Promise<Offered>
}

/** @throws {TypeError} when the broker's own catalog, or that of a tenant that is known by now, is not valid */
export function offeringsByTenant(
  offerings: readonly OfferingDefinition[],
  tenants: Tenants<OfferingTenant> | undefined,
): OfferingsByTenant {
  const own = offer(offerings)
  const find = tenants && findTenantIn(tenants)
  const known = new WeakMap<readonly OfferingDefinition[], Offered>([[offerings, own]])

  function of({ offerings: theirs = offerings }: OfferingTenant): Offered {
    const offered = known.get(theirs) ?? offer(theirs)
    known.set(theirs, offered)
    return offered
  }

  async function ofNamed(name: string): Promise<Offered> {
    const tenant = await find?.(name)
    return tenant ? of(tenant) : offer([])
  }

  if (typeof tenants === 'object') for (const tenant of Object.values(tenants)) of(tenant)
  return {
    own,
    find,
    of,
    named: (name) => (name === '' ? own : ofNamed(name)),
  }
}

function offer(offerings: readonly OfferingDefinition[]): Offered {
  for (const offering of offerings) checkOffering(offering)
  return { catalog: toCatalog(offerings), index: indexOfferings(offerings) }
}
