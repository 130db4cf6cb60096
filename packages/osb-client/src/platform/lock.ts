import { linkSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { PlatformError } from './platform-error.js'
import { hasEnded, ownMark, type ProcessMark } from './process-mark.js'

interface Holder extends ProcessMark {
  /** Of this one lock, so that it is not mistaken for the next at the same path. */
  readonly token: string
}

const waitMs = 15
const patienceMs = 20_000
const leftAfterMs = 60_000

/**
 * Takes the lock at a path; waits for a living holder, and takes over from a dead one.
 * @returns what gives it back
 * @throws {PlatformError} `STATE` when it is not free within 20 seconds
 */
export async function takeLock(path: string, deadlineMs = Date.now() + patienceMs): Promise<() => void> {
  const holder: Holder = { ...ownMark(), token: crypto.randomUUID() }
  for (;;) {
    if (tryTake(path, holder)) return () => remove(path)
    const other = readHolder(path)
    if (other && hasEnded(other)) await breakLock(path, other, deadlineMs)
    else if (other && Date.now() > deadlineMs) throw heldTooLong(path, other)
    else await setTimeout(waitMs * (0.5 + Math.random()))
  }
}

/** A link appears with all of its text, and only where nothing is: nobody sees half a lock. */
function tryTake(path: string, holder: Holder): boolean {
  const own = `${path}.${holder.token}.new`
  writeFileSync(own, JSON.stringify(holder), { mode: 0o600 })
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    remove(own)
  }
}

/**
 * Removes the lock of a dead holder. Two that find it dead must not both remove what is at the path, which may be the
 * other's new lock by then: so each does it under a lock of its own that belongs to the dead one's token.
 */
async function breakLock(path: string, dead: Holder, deadlineMs: number): Promise<void> {
  const release = await takeLock(`${path}.${dead.token}`, deadlineMs)
  try {
    if (readHolder(path)?.token === dead.token) remove(path)
  } finally {
    release()
  }
}

/** Removes what processes left in a folder that ended while they took a lock. */
export function sweepLocks(folder: string): void {
  for (const name of readFolder(folder)) {
    const path = join(folder, name)
    if (!/\.lock\..*\.new$/.test(name)) continue
    const holder = tryRead(path)
    // Half a text is of a process that was killed while it wrote it, or is just writing it: the age tells.
    const isLeft = holder ? hasEnded(holder) : ageMs(path) > leftAfterMs
    if (isLeft) remove(path)
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new PlatformError('STATE', `${path} is no lock of osb`, `Remove ${path} if no osb runs.`, error)
  }
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function tryRead(path: string): Holder | undefined {
  try {
    return readHolder(path)
  } catch {
    return undefined
  }
}

/** 0 for a file that is gone. */
function ageMs(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function heldTooLong(path: string, { pid, host }: Holder): PlatformError {
  return new PlatformError(
    'STATE',
    `the state is locked by process ${pid} on ${host}`,
    `Try again, or remove ${path} if that process is gone.`,
  )
}
