import { spawn } from 'node:child_process'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProvisionerError } from '../../errors.js'
import { readNames, readText } from './folder.js'
import { isAlive, parseProcessRecord, type ProcessRecord } from './process-record.js'

/** How a process is started; none of it is secret. */
export interface Launch {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

/**
 * The shell writes its own pid and start time, then becomes the service: so the record is there even if the broker dies
 * right after the start, and `ln`, which never replaces a file, lets only one of several starters through.
 */
const launchScript = `umask 077
id=$(cat /proc/$$/stat 2>/dev/null || ps -o lstart= -p $$)
printf '%s\\n%s\\n' "$$" "$id" > "$1.$$.tmp" && ln "$1.$$.tmp" "$1" 2>/dev/null
won=$?
rm -f "$1.$$.tmp"
[ "$won" = 0 ] || exit 75
shift
exec "$@"`

const maxLogBytes = 10 * 1024 * 1024

/** The process of the newest start, if it still runs. */
export async function runningProcess(folder: string): Promise<ProcessRecord | undefined> {
  const number = await lastStart(folder)
  const record = parseProcessRecord((await readText(startFile(folder, number))) ?? '')
  return record && (await isAlive(record)) ? record : undefined
}

/** How often the service was started. */
export async function lastStart(folder: string): Promise<number> {
  const numbers = (await readNames(folder)).map((name) => Number(/^process\.(\d+)$/.exec(name)?.[1] ?? 0))
  return Math.max(0, ...numbers)
}

/**
 * Makes sure that the service runs. Each start has a file of the next number, so that racing starters compete for one
 * file and nobody ever removes the record of a process that lives.
 */
export async function ensureProcess(folder: string, launch: Launch, signal: AbortSignal): Promise<void> {
  const number = await lastStart(folder)
  if (await runningProcess(folder)) return
  const file = startFile(folder, number + 1)
  const log = await openLog(folder)
  try {
    const child = spawn('sh', ['-c', launchScript, 'sh', file, ...launch.command], {
      cwd: launch.cwd,
      env: launch.env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    await started(child, file, signal)
    child.unref()
  } finally {
    await log.close()
  }
  await rm(startFile(folder, number - 1), { force: true })
}

async function started(child: ReturnType<typeof spawn>, file: string, signal: AbortSignal): Promise<void> {
  let failure: unknown
  child.once('error', (error) => (failure = error))
  while ((await readText(file)) === undefined) {
    if (failure !== undefined) {
      throw new ProvisionerError('ENGINE_FAILED', 'the process could not be started', { cause: failure })
    }
    // Lost the race: the winner's file is there or about to be.
    if (child.exitCode !== null && child.exitCode !== 75) {
      throw new ProvisionerError('ENGINE_FAILED', `the launcher ended with exit code ${child.exitCode}`)
    }
    await sleep(10)
    signal.throwIfAborted()
  }
}

/** Ends a process and what it started: politely, then hard. */
export async function endProcess(record: ProcessRecord, graceMs: number, signal: AbortSignal): Promise<void> {
  const hardAt = Date.now() + graceMs
  let signalled: NodeJS.Signals | undefined
  while (await isAlive(record)) {
    const wanted = Date.now() < hardAt ? 'SIGTERM' : 'SIGKILL'
    if (signalled !== wanted) killGroup(record.pid, wanted)
    signalled = wanted
    await sleep(20)
    signal.throwIfAborted()
  }
}

/** `detached` made each service the leader of a process group of its own. */
function killGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function startFile(folder: string, number: number): string {
  return join(folder, `process.${number}`)
}

async function openLog(folder: string) {
  const path = join(folder, 'log')
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > maxLogBytes) await rename(path, `${path}.1`)
  return open(path, 'a', 0o600)
}
