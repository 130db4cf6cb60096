import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { composeVcapServices } from '../../src/index.js'

const run = promisify(execFile)

/** A service as it is bound to the app: its offering, by whose name it is tagged, and what the broker answered. */
export interface BoundTo {
  readonly offering: 'postgresql' | 'mysql' | 'redis'
  readonly credentials: object
}

/** Starts the app with such services, as a platform does. @returns what it read back, by tag */
export async function runApp(bound: readonly BoundTo[]): Promise<Record<string, unknown>> {
  const bindings = bound.map(({ offering, credentials }, index) => ({
    offering: { name: offering, tags: [offering] },
    plan: { name: 'small' },
    instance_guid: `i-${index}`,
    instance_name: offering,
    binding_guid: `b-${index}`,
    credentials,
  }))
  const args = ['--conditions=@osb/source', '--import', 'tsx', join(import.meta.dirname, 'app.ts')]
  const env = { ...process.env, VCAP_SERVICES: JSON.stringify(composeVcapServices(bindings)) }
  const { stdout } = await run(process.execPath, args, { env, timeout: 60_000 })
  return JSON.parse(stdout) as Record<string, unknown>
}
