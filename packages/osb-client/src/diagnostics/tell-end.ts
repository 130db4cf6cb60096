import { type CallEndReport, type CallReport, channels } from './channels.js'

/** Tells how a call ended, and how long it took since `startMs` of `performance.now()`. */
export function tellEnd(call: CallReport, startMs: number, end: Omit<CallEndReport, 'call' | 'durationMs'>): void {
  channels.end.publish({ call, durationMs: performance.now() - startMs, ...end } satisfies CallEndReport)
}
