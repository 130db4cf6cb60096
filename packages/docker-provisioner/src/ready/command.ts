import type { Place } from '../engine/engine.js'
import type { ReadyStrategy } from './ready-strategy.js'

/** Ready when the command, run beside the service, ends with exit code 0. Arguments are visible: no secrets in them. */
export function command(
  args: readonly string[] | ((place: Place) => readonly string[]),
  options: { readonly stdin?: string; readonly expect?: RegExp } = {},
): ReadyStrategy {
  return async ({ status, exec }) => {
    const line = typeof args === 'function' ? args(status.place) : args
    const { exitCode, stdout } = await exec(line, options.stdin)
    if (exitCode !== 0) return `${line[0]} ends with exit code ${exitCode}`
    return options.expect && !options.expect.test(stdout) ? `${line[0]} does not answer as expected` : undefined
  }
}
