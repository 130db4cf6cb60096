import type { Ending } from '../deadline.js'

/** A request, ready for the wire. */
export interface WireRequest {
  readonly method: string
  /** Path and query below the origin, percent-encoded; to be sent exactly as it is (T33). */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Why the body of an answer could not be read. */
export type BodyFault = 'cut off' | 'too large' | 'not UTF-8'

/** An answer: its status came, its body perhaps not. */
export interface WireAnswer {
  readonly status: number
  header(name: string): string | undefined
  readonly body: { readonly text: string } | { readonly fault: BodyFault }
}

/** What bounds one exchange. */
export interface ExchangeLimits {
  readonly ending: Ending
  readonly maxResponseBytes: number
  /** Told as soon as the status is known, since a time-out in the body must be judged by it. */
  onStatus(status: number): void
}

/** Sends requests to one broker. What prevents an answer is thrown as it came. */
export interface Transport {
  send(request: WireRequest, limits: ExchangeLimits): Promise<WireAnswer>
  close(): Promise<void>
}
