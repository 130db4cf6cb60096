import { type ChildProcess, spawn } from 'node:child_process'
import { exitCodeOfSignal, exitCodes } from './exit-codes.js'
import type { VerbContext } from './verb.js'

/** How long a command may take to end after its time is over. */
const graceMs = 10_000

/**
 * Runs a command to its end, with the terminal of this process. Signals to this process go on to it; when the time of
 * the context is over it is asked to end, and made to after ten seconds.
 * @returns its exit code, 128 and the number of the signal that ended it, or 127 when it cannot be started
 */
export function runChild(
  context: VerbContext,
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const { note, onSignal, signal, cwd } = context
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, cwd, stdio: 'inherit' })
    let isSignalled = false
    const stopForwarding = onSignal((name) => {
      isSignalled = true
      // A terminal sends these to the command too, and twice means "at once" to many programs.
      if (!process.stdin.isTTY || !/^SIG(?:INT|QUIT)$/.test(name)) child.kill(name)
    })
    let killer: NodeJS.Timeout | undefined
    const onTimeout = (): void => {
      if (!isSignalled) killer = endChild(child)
    }
    signal.addEventListener('abort', onTimeout)
    const finish = (code: number): void => {
      stopForwarding()
      signal.removeEventListener('abort', onTimeout)
      clearTimeout(killer)
      resolve(code)
    }
    child.once('error', ({ code }: NodeJS.ErrnoException) => {
      // The message of the system would quote the arguments.
      note(`osb: the command cannot be started (${code})`)
      note('Give a program that is in PATH, or its path, behind --.')
      finish(exitCodes.cannotStart)
    })
    child.once('close', (code, name) => finish(name === null ? (code ?? 0) : exitCodeOfSignal(name)))
  })
}

function endChild(child: ChildProcess): NodeJS.Timeout {
  child.kill('SIGTERM')
  return setTimeout(() => child.kill('SIGKILL'), graceMs)
}
