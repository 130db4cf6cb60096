import { isDeepStrictEqual } from 'node:util'

/** Parameters as requests send them; the schema's default is `flag: false`. */
export interface Parameters {
  readonly size?: number
  readonly flag?: boolean
}

interface ToResource {
  readonly tenant: '' | 't'
  readonly instance: string
}
interface ToBinding extends ToResource {
  readonly binding: string
}
interface Changes {
  readonly acceptsIncomplete: boolean
}

/** A request, before it is known which plan is the right one. */
export type Call =
  | (ToResource & Changes & { op: 'provision'; plan: string; parameters?: Parameters | undefined; place: string })
  | (ToResource &
      Changes & { op: 'update'; service: string; plan?: string | undefined; parameters?: Parameters | undefined })
  | (ToResource & Changes & { op: 'deprovision'; plan: string })
  | (ToBinding & Changes & { op: 'bind'; plan: string; old: boolean } & BindingParts)
  | (ToBinding & Changes & { op: 'unbind'; plan: string; old: boolean })
  | (ToResource & { op: 'fetch'; binding?: string | undefined })
  | (ToResource & { op: 'poll'; binding?: string | undefined; operation?: string | undefined })

export interface BindingParts {
  readonly parameters?: Parameters | undefined
  readonly app: string
  readonly predecessor?: string | undefined
}

/** What may be answered: one of these; the body has at least what is given here. */
export interface Expected {
  readonly allowed: readonly Allowed[]
}
export interface Allowed {
  readonly status: number
  readonly body?: Readonly<Record<string, unknown>> | undefined
  /** The operation whose id the body must have. */
  readonly operation?: number | undefined
}

export function one(status: number, body?: Allowed['body'], operation?: number): Expected {
  return { allowed: [{ status, body, operation }] }
}

export const busy: Allowed = { status: 422, body: { error: 'ConcurrencyError' } }
export const asyncRequired: Allowed = { status: 422, body: { error: 'AsyncRequired' } }
export const refused: Allowed = { status: 422, body: { error: 'Unprocessable' } }
export const notPossible = refused
export const notFound: Allowed = { status: 404 }
export const gone: Allowed = { status: 410 }
export const wrong: Allowed = { status: 400 }
export const conflict: Allowed = { status: 409 }
export const failure: Allowed = { status: 500, body: { error: 'InternalError' } }
export const elsewhere: Allowed = { status: 503 }

/** Equal once the default of the schema is filled in. */
export function sameParameters(left: Parameters = {}, right: Parameters = {}): boolean {
  return isDeepStrictEqual({ flag: false, ...left }, { flag: false, ...right })
}

/** Whether an object has all members that are expected of it; `undefined` says that one must be absent. */
export function has(value: object, expected: object = {}): boolean {
  return Object.entries(expected).every(([key, member]) =>
    isDeepStrictEqual((value as Record<string, unknown>)[key], member),
  )
}
