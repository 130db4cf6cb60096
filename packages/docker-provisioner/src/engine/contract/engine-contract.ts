import { callCases } from './call-cases.js'
import type { ContractCase } from './harness.js'
import { serviceCases } from './service-cases.js'

/** What every engine does; run each case with your own test framework. */
export const engineContract: readonly ContractCase[] = [...serviceCases, ...callCases]
