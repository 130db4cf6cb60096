import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Which process of which machine; numbers of processes are used again, so its start is part of it. */
export interface ProcessMark {
  readonly pid: number
  readonly host: string
  /** When it started, in ticks since the machine did; undefined where the system does not say (only Linux does). */
  readonly start?: string | undefined
}

/** The mark of this process. */
export function ownMark(): ProcessMark {
  return { pid: process.pid, host: hostname(), start: startOf(process.pid) }
}

/** Whether the process is known to have ended. One of another machine never is. */
export function hasEnded({ pid, host, start }: ProcessMark): boolean {
  if (host !== hostname()) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return true
  }
  const now = startOf(pid)
  return now !== undefined && (now === ended || (start !== undefined && now !== start))
}

const ended = 'ended'

/** The 22nd field of /proc/PID/stat; the second may hold spaces and brackets. A zombie is as good as ended. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? ended : fields[19]
  } catch {
    return undefined
  }
}
