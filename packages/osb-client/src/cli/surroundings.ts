import type { Clock } from '../clock.js'

/** A stream that text is written to. */
export interface OutStream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** A stream that is read. */
export type InStream = AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean | undefined }

/** What `osb` uses of its process; tests give their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The standard input; opening it costs, so only who reads it asks. */
  stdin(): InStream
  readonly stdout: OutStream
  readonly stderr: OutStream
  /** Aborted when the process is asked to end, by the first signal. */
  readonly signal: AbortSignal
  /** Tells every signal that asks the process to end; returns what ends the telling. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void
  readonly clock: Clock
}
