import { type Fault, withFault } from '../brokers/fault.js'
import { type ReferenceSettings, referenceBroker } from '../brokers/reference-broker.js'
import type { OfferingName } from '../brokers/reference-offerings.js'
import { login, type TestBroker } from '../brokers/test-broker.js'

/** How a platform logs in to a variant. */
export type VariantAuth = typeof login | { readonly token: string } | 'none'

/** A correct broker that uses what the specification leaves open: no check may find fault with it. */
export interface LegalVariant {
  /** Unique, in kebab-case. */
  readonly name: string
  /** What it does, and what says that it may. */
  readonly description: string
  /** Below which path its routes are; empty or `/…`. */
  readonly basePath: string
  readonly auth: VariantAuth
  /** @param few the offerings that it has, unless the variant is about others; all by default */
  readonly make: (few?: readonly OfferingName[]) => TestBroker
}

interface Differences extends ReferenceSettings {
  readonly login?: VariantAuth
  readonly basePath?: string
  /** Not a fault here, but a liberty. */
  readonly liberty?: () => Fault
}

export function variant(name: string, description: string, differences: Differences = {}): LegalVariant {
  const { login: auth = login, liberty, ...settings } = differences
  const make = (few?: readonly OfferingName[]) => referenceBroker(few ? { only: few, ...settings } : settings)
  return {
    name,
    description,
    auth,
    basePath: settings.basePath ?? '',
    make: liberty ? (few) => withFault(make(few), liberty()) : make,
  }
}
