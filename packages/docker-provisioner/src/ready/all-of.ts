import type { ReadyStrategy } from './ready-strategy.js'

/** Ready when all are, asked in this order; the first that is not ends the look. */
export function allOf(...strategies: readonly ReadyStrategy[]): ReadyStrategy {
  return async (target) => {
    for (const strategy of strategies) {
      const missing = await strategy(target)
      if (missing !== undefined) return missing
    }
    return undefined
  }
}
