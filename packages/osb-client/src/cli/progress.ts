import type { LastOperation } from 'osb-protocol'
import { isTerminal, styleFor } from './style.js'
import { printable } from './table.js'
import type { VerbContext } from './verb.js'

/** Shows that something is under way. */
export interface Progress {
  onProgress(lastOperation: LastOperation): void
  end(): void
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const frameMs = 100

/**
 * Shows the words of the broker while it works, on the error output: after a spinner on a terminal, and else as a line
 * for each new one.
 */
function showProgress(context: VerbContext, what: string): Progress {
  return isTerminal(context.stderr, context.env) ? spinner(context, what) : lines(context, what)
}

/** Runs something with its progress shown. */
export async function withProgress<Result>(
  context: VerbContext,
  what: string,
  run: (onProgress: Progress['onProgress']) => Promise<Result>,
): Promise<Result> {
  const progress = showProgress(context, what)
  try {
    return await run(progress.onProgress)
  } finally {
    progress.end()
  }
}

function lines({ note }: VerbContext, what: string): Progress {
  note(`${what}...`)
  let last = ''
  return {
    onProgress({ state, description = '' }) {
      const line = `  ${state}${description === '' ? '' : `: ${printable(description)}`}`
      if (line !== last) note(line)
      last = line
    },
    end() {},
  }
}

function spinner({ stderr, env, clock }: VerbContext, what: string): Progress {
  const { dim } = styleFor(stderr, env)
  const startMs = clock.now()
  let said = ''
  let at = 0
  const draw = (): void => {
    const seconds = Math.round((clock.now() - startMs) / 1000)
    const line = `${frames[at++ % frames.length]} ${what}${said === '' ? '' : `: ${said}`} (${seconds} s)`
    // A line that the terminal wraps cannot be overwritten.
    stderr.write(`\r\u001b[K${dim(line.slice(0, Math.max(20, (stderr.columns ?? 80) - 1)))}`)
  }
  draw()
  const timer = setInterval(draw, frameMs)
  return {
    onProgress({ description = '' }) {
      said = printable(description)
      draw()
    },
    end() {
      clearInterval(timer)
      stderr.write(`\r\u001b[K${what}\n`)
    },
  }
}
