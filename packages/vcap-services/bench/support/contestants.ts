import { createRequire } from 'node:module'
import { join } from 'node:path'
import { readVcapServices, type VcapServices } from '../../src/index.js'

/** What is measured, by name: one parse and five lookups of a document, but for the reference, which only parses. */
export type Cases = Readonly<Record<string, () => unknown>>

const instance = (index: number) => `7a6e2d0c-5f43-4f0e-9a55-${String(index).padStart(12, '0')}`

function lookUp(services: VcapServices): unknown[] {
  return [
    services.get('service-0'),
    services.get({ name: 'service-1', plan: 'db-1' }),
    services.get({ instance_name: 'instance-2' }),
    services.get({ label: 'p.rabbitmq', name: 'service-3' }),
    services.get({ guid: instance(4) }),
  ]
}

/** @param folders where the rivals are installed */
export async function makeCases(text: string, folders: Readonly<Record<string, string>>): Promise<Cases> {
  // An environment variable costs its readers a copy, so that those who read it there are compared with one another.
  process.env['VCAP_SERVICES'] = text
  const parse = () => JSON.parse(text) as unknown
  const cases: Record<string, () => unknown> = {
    'JSON.parse': parse,
    'JSON.parse again': parse,
    'vcap-services': () => lookUp(readVcapServices({ env: { VCAP_SERVICES: text } })),
    'vcap-services strict': () => lookUp(readVcapServices({ env: { VCAP_SERVICES: text }, strict: true })),
    'vcap-services, process.env': () => lookUp(readVcapServices()),
  }
  const load = (name: string) => createRequire(join(folders[name] ?? '', 'package.json'))(name) as unknown
  const indices = [0, 1, 2, 3, 4]
  if (folders['cfenv'] !== undefined) {
    const cfenv = load('cfenv') as { getAppEnv(): { getService(name: string): unknown } }
    cases['cfenv'] = () => {
      const env = cfenv.getAppEnv()
      return indices.map((index) => env.getService(`service-${index}`))
    }
  }
  if (folders['@sap/xsenv'] !== undefined) {
    const xsenv = load('@sap/xsenv') as { getServices(query: Record<string, object>): Record<string, unknown> }
    const queries = Object.fromEntries(indices.map((index) => [`q${index}`, { name: `service-${index}` }]))
    cases['@sap/xsenv'] = () => xsenv.getServices(queries)
  }
  return cases
}
