import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { StepFailed } from './step-runner.js'

const app = fileURLToPath(new URL('../../examples/collector-app/src/app.js', import.meta.url))
const timeoutMs = 120_000

/**
 * Runs `examples/collector-app` as a platform would: the service is in `VCAP_SERVICES` and nowhere else.
 * @returns the line that the app prints when all is well
 * @throws {StepFailed} with what the app printed
 */
export async function runCollectorApp(vcapServices: object, signal: AbortSignal): Promise<string> {
  const child = spawn(process.execPath, ['--conditions=@osb/source', '--import', 'tsx', app], {
    env: { PATH: process.env['PATH'], VCAP_SERVICES: JSON.stringify(vcapServices) },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
  const [code] = (await once(child, 'close')) as [number | null]
  const text = output.join('').trim()
  if (code !== 0) throw new StepFailed(`the app ended with exit code ${String(code)}: ${text}`)
  return text.split('\n').at(-1) ?? ''
}
