import { Readable } from 'node:stream'
import { runOsb } from '../../src/cli/run-osb.js'
import type { Surroundings } from '../../src/cli/surroundings.js'
import { systemClock } from '../../src/clock.js'

/** How a run of `osb` ended. */
export interface CliEnd {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** What a test may have otherwise. */
export interface CliSurroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly signal?: AbortSignal
  readonly terminal?: { readonly columns: number }
  readonly cwd?: string
}

/** Runs one command line of `osb` in this process. */
export async function runCli(args: readonly string[], given: CliSurroundings = {}): Promise<CliEnd> {
  let [stdout, stderr] = ['', '']
  const { env = {}, stdin = '', terminal, cwd = import.meta.dirname } = given
  const tty = terminal ? { isTTY: true, columns: terminal.columns } : {}
  const surroundings: Surroundings = {
    env,
    cwd,
    clock: systemClock,
    signal: given.signal ?? new AbortController().signal,
    onSignal: () => () => {},
    stdin: () => Object.assign(Readable.from([Buffer.from(stdin)]), tty),
    stdout: { write: (text) => (stdout += text), ...tty },
    stderr: { write: (text) => (stderr += text), ...tty },
  }
  const code = await runOsb(args, surroundings)
  return { code, stdout, stderr }
}
