import { isTerminal, styleFor } from '../style.js'
import { printable } from '../table.js'
import type { CheckContext } from './read-check-options.js'

/** Says what a check is at, on the error output: on a terminal in one line, and else in a line for each step. */
export function showSteps({ stderr, env, note }: CheckContext): { step(text: string): void; end(): void } {
  if (!isTerminal(stderr, env)) return { step: (text) => note(printable(text)), end() {} }
  const { dim } = styleFor(stderr, env)
  return {
    // A line that the terminal wraps cannot be overwritten.
    step: (text) =>
      void stderr.write(`\r\u001b[K${dim(printable(text).slice(0, Math.max(20, (stderr.columns ?? 80) - 1)))}`),
    end: () => void stderr.write('\r\u001b[K'),
  }
}
