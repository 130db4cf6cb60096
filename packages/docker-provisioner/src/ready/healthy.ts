import type { ReadyStrategy } from './ready-strategy.js'

/** Ready when the image's own health check says so. Docker only; an image without one never is. */
export function healthy(): ReadyStrategy {
  return async ({ status: { health } }) => {
    if (health === 'healthy') return undefined
    return health === 'none' ? 'the image has no health check' : `its health check says ${health}`
  }
}
