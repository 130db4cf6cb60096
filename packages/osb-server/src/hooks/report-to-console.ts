import type { ErrorReport } from './reports.js'

/** The default of `onError`. Writes the stack only: the fields of an author's error may hold secrets, such as a request's headers. */
export function reportToConsole(error: unknown, { status, operation, requestIdentity }: ErrorReport): void {
  const what = `${operation ?? 'a request'}${requestIdentity === undefined ? '' : ` (${requestIdentity})`}`
  const how = status === undefined ? 'failed' : `was answered ${status}`
  const why = error instanceof Error ? (error.stack ?? error.message) : 'what was thrown is no Error'
  // oxlint-disable-next-line no-console -- the only place where the library writes: without it, faults would go unseen
  console.error(`osb-server: ${what} ${how}: ${why}`)
}
