import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A process with what proves that a pid still means it. */
export interface ProcessRecord {
  readonly pid: number
  /** On Linux the start time in clock ticks since boot, elsewhere the text of `ps -o lstart=`. */
  readonly startTime: string
}

/** Reads what the launcher wrote: the pid, then the line of `/proc/<pid>/stat` or of `ps -o lstart=`. */
export function parseProcessRecord(text: string): ProcessRecord | undefined {
  const [pidLine = '', ...rest] = text.trim().split('\n')
  const pid = Number(pidLine)
  const line = rest.join('\n').trim()
  if (!Number.isInteger(pid) || pid <= 1 || line === '') return undefined
  return { pid, startTime: parseStat(line)?.startTime ?? line }
}

/** Whether this very process still runs; a process of another start time under the same pid is not it. */
export async function isAlive({ pid, startTime }: ProcessRecord): Promise<boolean> {
  if (process.platform !== 'linux') return (await startTimeByPs(pid)) === startTime
  const stat = parseStat(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))
  // A zombie has ended; in containers nobody may ever collect it.
  return stat !== undefined && stat.state !== 'Z' && stat.state !== 'X' && stat.startTime === startTime
}

/** Fields 3 and 22; counted from the last parenthesis, since the name in field 2 may hold anything. See proc(5). */
function parseStat(line: string): { readonly state: string; readonly startTime: string } | undefined {
  const end = line.lastIndexOf(')')
  if (end === -1) return undefined
  const fields = line.slice(end + 2).split(' ')
  const [state, startTime] = [fields[0], fields[19]]
  return state === undefined || startTime === undefined ? undefined : { state, startTime }
}

async function startTimeByPs(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.trim()
}
