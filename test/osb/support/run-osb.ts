import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url))
const command = join(root, 'packages/osb-client/src/osb.ts')

/** Has every Node process run on the sources of the workspace, the command's own children included. */
const onSources = { NODE_OPTIONS: '--conditions=@osb/source --import=tsx' }

/** A run of `osb`, or of any line of a shell that calls it. */
export interface OsbRun {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
}

/** A home of `osb` in a folder of its own. */
export function makeHome(): { readonly folder: string; readonly env: Record<string, string>; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'osb-home-'))
  const { PATH = '' } = process.env
  const env = { ...onSources, PATH, HOME: folder, OSB_HOME: join(folder, 'state'), TMPDIR: folder }
  return { folder, env, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Starts `osb` on the sources. */
export function startOsb(args: readonly string[], env: Readonly<Record<string, string>>): OsbRun {
  return collect(spawn(process.execPath, [command, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }))
}

/** Runs a line of a shell in which `osb` is the command; both outputs come as one, as on a terminal. */
export async function runLine(line: string, env: Readonly<Record<string, string>>): Promise<string> {
  const script = `osb() { "$OSB_TEST_NODE" "$OSB_TEST_COMMAND" "$@"; }\nexec 2>&1\n${line}\n`
  const own = { OSB_TEST_NODE: process.execPath, OSB_TEST_COMMAND: command }
  const child = spawn('sh', ['-c', script], { cwd: root, env: { ...env, ...own }, stdio: ['ignore', 'pipe', 'pipe'] })
  return (await collect(child).ended).stdout
}

function collect(child: ChildProcess): OsbRun {
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Awaited<OsbRun['ended']>>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { child, ended }
}
