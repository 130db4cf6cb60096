import type { ReadyStrategy } from './ready-strategy.js'

/** Ready when one of the last 200 lines of the service's log matches. */
export function logLine(pattern: RegExp): ReadyStrategy {
  return async ({ logs }) =>
    (await logs()).some((line) => pattern.test(line)) ? undefined : `no log line matches ${pattern}`
}
