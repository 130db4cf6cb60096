import type { OperationName } from 'osb-protocol'

/** One request as it was sent and what came of it, unmasked: for judging, never for showing. */
export interface Sent {
  readonly label: string
  /** The operation that it was meant as; undefined for what is none. */
  readonly operation: OperationName | undefined
  readonly method: string
  /** Path and query below the origin. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** 0 where no answer came. */
  readonly status: number
  /** A header of the answer. */
  readonly header: (name: string) => string | undefined
  /** Of the answer; empty where none came. */
  readonly text: string
  /** The answer's body; undefined where it is no JSON. */
  readonly json: unknown
  /** Why there is no answer, or not all of it. */
  readonly failure: string | undefined
  readonly durationMs: number
}

/** The members of an answer's body; none where it is no JSON object. */
export function bodyOf({ json }: Sent): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {}
}

export function isSuccess({ status }: Sent): boolean {
  return status >= 200 && status < 300
}

/** A member of a body, for messages. */
export function memberText(value: unknown): string {
  if (value === undefined || value === null) return 'none'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** For messages: `201`, or why there is none. */
export function statusText({ status, failure }: Sent): string {
  return status === 0 ? `no answer (${failure ?? 'unknown'})` : String(status)
}
