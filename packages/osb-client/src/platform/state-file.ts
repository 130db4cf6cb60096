import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { sweepLocks, takeLock } from './lock.js'
import { PlatformError } from './platform-error.js'
import { emptyState, type PlatformState } from './state.js'

/** Where a platform keeps its state. */
export interface StateFile {
  readonly folder: string
  /** The state as it is now; a copy of the reader's own. */
  read(): PlatformState
  /**
   * Makes one change, alone among all processes: `change` gets the newest state and alters it. Nothing is written when it
   * throws. It must not wait for anything, as others wait for it.
   */
  change<Result>(change: (state: PlatformState) => Result): Promise<Result>
  /** Removes files that a process left which was killed while it took the lock. */
  sweep(): void
}

type Environment = Readonly<Record<string, string | undefined>>

/** `OSB_HOME`, else `osb` in the state folder of XDG (a relative one counts as none, by its specification). */
export function stateFolder(env: Environment): string {
  const own = env['OSB_HOME']
  if (own !== undefined && own !== '') return own
  const xdg = env['XDG_STATE_HOME']
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env['HOME'] ?? homedir(), '.local', 'state')
  return join(base, 'osb')
}

/** Opens the state in a folder; both are made by the first change. */
export function openStateFile(folder: string): StateFile {
  const path = join(folder, 'state.json')
  return {
    folder,
    read: () => readState(path) ?? emptyState(),
    async change(change) {
      makeFolder(folder)
      const release = await takeLock(join(folder, 'state.lock'))
      try {
        const state = readState(path) ?? emptyState()
        const result = change(state)
        writeState(folder, path, state)
        return result
      } finally {
        release()
      }
    },
    sweep: () => sweepLocks(folder),
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new PlatformError('STATE', `${folder} cannot be made (${code})`, 'Set OSB_HOME to a folder of yours.', error)
  }
}

function readState(path: string): PlatformState | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new PlatformError('STATE', `${path} cannot be read (${code})`, 'Set OSB_HOME to a folder of yours.', error)
  }
  const state = parseState(text)
  if (state) return state
  const next = `Move ${path} away, or set OSB_HOME to another folder; a newer osb may have written it.`
  throw new PlatformError('STATE', `${path} is no state of this version of osb`, next)
}

function parseState(text: string): PlatformState | undefined {
  try {
    const state = JSON.parse(text) as Partial<PlatformState> | null
    return state?.version === 1 && Array.isArray(state.instances) ? (state as PlatformState) : undefined
  } catch {
    // The message of the parser would quote the text, which holds secrets.
    return undefined
  }
}

/** All or nothing, whatever happens to the machine in the middle of it. */
function writeState(folder: string, path: string, state: PlatformState): void {
  // One name for all: whoever writes has the lock, so what is there was left by a crash.
  const fresh = `${path}.new`
  try {
    const file = openSync(fresh, 'w', 0o600)
    try {
      writeFileSync(file, JSON.stringify(state))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(fresh, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new PlatformError('STATE', `${path} cannot be written (${code})`, 'Make room, or set OSB_HOME.', error)
  }
  syncFolder(folder)
}

/** Where folders cannot be opened (Windows), a rename is as safe as it gets. */
function syncFolder(folder: string): void {
  let opened: number | undefined
  try {
    opened = openSync(folder, 'r')
    fsyncSync(opened)
  } catch {
    // See above.
  } finally {
    if (opened !== undefined) closeSync(opened)
  }
}
