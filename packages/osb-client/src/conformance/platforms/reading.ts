import type { OperationName, ServiceOffering } from 'osb-protocol'
import type { PlatformRuling } from '../result.js'
import { type Sent, statusText } from '../sent.js'

/** What a platform makes of one answer. */
export interface Reading {
  readonly ruling: PlatformRuling
  readonly why: string
}

/** What a platform's reader of answers is asked. */
export interface Question {
  readonly operation: OperationName
  readonly sent: Sent
  readonly offering: ServiceOffering
}

export function accepts(why: string): Reading {
  return { ruling: 'accepts', why }
}

export function waits(why: string): Reading {
  return { ruling: 'waits', why }
}

/** Of an answer whose body must be a JSON object: whether it is one. */
export function hasObject({ json }: Sent): boolean {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

export const answered = (sent: Sent): string => `the answer ${statusText(sent)}`
