import type { Kind, SeenInput } from './author.js'
import type { BindingParts, Expected, Parameters } from './calls.js'

/** An operation as platforms see it. */
export interface Op {
  readonly serial: number
  readonly kind: Kind
  state: 'in progress' | 'succeeded' | 'failed'
  attempt: number
  /** Nobody holds its lease, or it has lapsed. */
  lapsed: boolean
  /** The process that has taken it over, and the outdated function of its own whose end it waits for. */
  claim?: { readonly process: number; readonly after: number } | undefined
  /** The delete that has overtaken this create. */
  overtakenBy?: number | undefined
  readonly update?: { readonly plan?: string | undefined; readonly parameters?: Parameters | undefined } | undefined
  /** What an earlier failed create left, which a refused one leaves as it was. */
  readonly remains?: Facts | undefined
  readonly hasDeadline: boolean
  checkpoint?: string | undefined
  description?: string | undefined
  refused?: boolean
}

/** What is asked for by the request that made a resource, and by updates. */
export interface Facts {
  readonly plan: string
  readonly parameters?: Parameters | undefined
  readonly place?: string | undefined
  readonly bound?: BindingParts | undefined
}

export type Phase = 'creating' | 'live' | 'failed' | 'deleted' | 'refused'

export interface Resource {
  readonly name: string
  /** `refused`: a create that the author refused; there is nothing but the memory of who may poll it. */
  phase: Phase
  facts: Facts
  state?: string | undefined
  /** The plan that its dashboard was last asked for. */
  dashboard?: string | undefined
  op: Op
  /** The serials of operations before, whose polls are answered as well as can be. */
  before: number[]
}

/** An author's function that has been called and has not ended. */
export interface Run {
  readonly serial: number
  readonly process: number
  readonly resource: string
  readonly op: number
  readonly kind: Kind
  readonly attempt: number
  readonly input: SeenInput
  readonly hasDeadline: boolean
  /** Somebody else has taken the operation over. */
  stale: boolean
  /** A platform was told 202, so that a failure has to be found by its polls. */
  answered: boolean
  halted?: 'time-out' | 'deadline' | 'overtaken' | 'lease-lost' | 'shutdown' | undefined
  /** The function has ended in this step; nothing halts it any more. */
  settled?: boolean
  /** The number of the call in the world, once it was seen. */
  call?: number | undefined
}

/** A request that waits for the end of an operation. */
export interface Waiting {
  readonly request: number
  readonly process: number
  readonly op: number
  readonly resource: string
  readonly kind: Kind
  /** `begun`: this request began it; `joined`: it runs in the same process; `afar`: it is looked for in the store. */
  readonly how: 'begun' | 'joined' | 'afar'
  readonly run?: number | undefined
  readonly acceptsIncomplete: boolean
}

export interface ModelState {
  readonly resources: Record<string, Resource>
  runs: Run[]
  /** The newest run of each resource in each process, while it lasts. */
  readonly newest: Record<string, number>
  /** A process that dies in the write that the present event makes: nothing comes of the write but itself. */
  dying?: number | undefined
  waiting: Waiting[]
  /** Runs that a delete has halted, whose end others came before. */
  haltedLate: number[]
  /** What was answered in this step. */
  answers: Record<number, Expected>
  /** The ids of operations that were seen on the wire. */
  ids: Record<number, string>
  serial: number
}

export function newModel(): ModelState {
  return { resources: {}, runs: [], newest: {}, haltedLate: [], waiting: [], answers: {}, ids: {}, serial: 0 }
}

/** A request that arrives at a process. */
export interface Arrival {
  readonly request: number
  readonly process: number
  /**
   * Something else comes before all of it has happened. If the function that it joins has ended, which is not written
   * yet, it waits instead of being told 202; and others may come before the function that it halts has ended.
   */
  readonly late: boolean
}

export function isLive(resource: Resource | undefined): resource is Resource & { phase: 'live' } {
  return resource?.phase === 'live'
}
