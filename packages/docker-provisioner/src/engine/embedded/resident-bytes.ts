import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const kibibyte = 1024

/** What a process has in memory; 0 when it has just ended. */
export async function residentBytes(pid: number, signal: AbortSignal): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)], { signal }).catch(() => ({
    stdout: '0',
  }))
  return Number(stdout.trim()) * kibibyte
}
