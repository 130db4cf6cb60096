import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const demo = fileURLToPath(new URL('../../scripts/demo.mjs', import.meta.url))

/** A demo that runs, with a folder of its own for everything temporary. */
export interface RunningDemo {
  readonly child: ChildProcess
  output(): string
  /** Resolves when it has ended; what it left in its temporary folder is told and removed. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string; readonly left: readonly string[] }>
}

export function runDemo(
  args: readonly string[],
  { env = {}, keepFolder = false }: { env?: Readonly<Record<string, string>>; keepFolder?: boolean } = {},
): RunningDemo {
  const temporary = mkdtempSync(join(tmpdir(), 'osb-demo-test-'))
  const child = spawn(process.execPath, [demo, ...args], {
    env: { ...process.env, ...env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const ended = once(child, 'close').then(([code]) => {
    // tsx keeps compiled sources in a folder of its own there.
    const left = readdirSync(temporary).filter(
      (name) => !name.startsWith('tsx-') && !name.startsWith('node-compile-cache'),
    )
    if (!keepFolder) rmSync(temporary, { recursive: true, force: true })
    return { code: code as number | null, output, left }
  })
  return { child, output: () => output, ended }
}

/** What `--json` prints. */
export interface DemoReport {
  readonly engine: string
  readonly passed: boolean
  readonly summary: string
  readonly steps: readonly { readonly step: string; readonly outcome: string; readonly detail: string }[]
  readonly kept?: {
    readonly url: string
    readonly username: string
    readonly password: string
    readonly folder: string
    readonly pid: number
    readonly instance_id: string
    readonly binding_id: string
    readonly service_id: string
    readonly plan_id: string
  }
}

/** The steps that the scenario has, on any engine. */
export const scenarioSteps = [
  'start the broker',
  'read the catalog',
  'provision collector normal',
  'fetch the collector instance',
  'bind collector',
  'the app uses its service',
  'repeat the provision',
  'repeat the bind',
  'provision with another plan',
  'restart the broker',
  'unbind collector',
  'deprovision collector',
  'repeat both deletes of collector',
]
