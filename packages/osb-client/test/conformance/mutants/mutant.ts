import { type Fault, withFault } from '../brokers/fault.js'
import { type ReferenceSettings, referenceBroker } from '../brokers/reference-broker.js'
import type { OfferingName } from '../brokers/reference-offerings.js'
import type { TestBroker } from '../brokers/test-broker.js'

/** A deliberately broken broker: the reference with one fault. Written from the requirement's text alone. */
export interface Mutant {
  /** Unique, in kebab-case. */
  readonly name: string
  /** The requirements that it does not meet; the first is the one that is meant, others cannot be kept with it. */
  readonly breaks: readonly string[]
  /** What it does wrong, in plain words. */
  readonly description: string
  /** @param only the offerings that it has; all by default */
  readonly make: (only?: readonly OfferingName[]) => TestBroker
}

/**
 * @param breaks the IDs, parted by spaces
 * @param makeFault called for each broker, so that what a fault remembers is never shared
 */
export const mutant = (
  name: string,
  breaks: string,
  description: string,
  makeFault: () => Fault,
  settings: ReferenceSettings = {},
): Mutant => ({
  name,
  breaks: breaks.split(' '),
  description,
  make: (only) => withFault(referenceBroker(only ? { ...settings, only } : settings), makeFault()),
})
