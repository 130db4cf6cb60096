import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deriveDatabaseUrl, readVcapServices } from 'vcap-services'
import {
  composeApplication,
  type ComposedServices,
  composeServices,
  processVariables,
} from '../platform/app-environment.js'
import { composeBindingFolders, composeServicesFile, writeBindingFiles } from '../platform/binding-files.js'
import { findApp } from '../platform/find.js'
import type { PlatformState } from '../platform/state.js'

/** How an app gets its services: in a variable, in one file, or in a folder for each binding. */
export type Delivery = 'env' | 'file' | 'folders'

export const deliveries: readonly Delivery[] = ['env', 'file', 'folders']

type Environment = Readonly<Record<string, string | undefined>>

/** The variables of an app, and what takes their files away. */
export interface AppVariables {
  readonly env: Environment
  dispose(): void
}

// The app's own services only, and nothing that is osb's.
const replaced = ['VCAP_SERVICES', 'VCAP_SERVICES_FILE_PATH', 'SERVICE_BINDING_ROOT']
const kept = ['OSB_PASSWORD', 'OSB_BROKER_PASSWORD', 'CF_BROKER_PASSWORD']

/**
 * The environment of this process with what a platform adds for an app.
 * @throws {PlatformError} `INVALID` when the bindings cannot be given as files
 */
export function appVariables(
  state: PlatformState,
  appName: string,
  env: Environment,
  delivery: Delivery,
): AppVariables {
  const app = findApp(state, appName)
  const services = composeServices(state, app)
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => ![...replaced, ...kept].includes(name)))
  const port = Number(env['PORT'] ?? '8080')
  const given = deliver(services, delivery)
  return {
    env: {
      ...databaseVariable(services),
      ...processVariables(app, Number.isInteger(port) ? port : undefined),
      ...own,
      VCAP_APPLICATION: JSON.stringify(composeApplication(state, app)),
      ...given.variables,
    },
    dispose: given.dispose,
  }
}

/** As Cloud Foundry sets it while it stages an app; an own one goes before it. */
function databaseVariable(services: ComposedServices): Environment {
  const url = deriveDatabaseUrl(readVcapServices({ value: JSON.stringify(services) }))
  return url === undefined ? {} : { DATABASE_URL: url }
}

function deliver(services: ComposedServices, delivery: Delivery): { variables: Environment; dispose(): void } {
  if (delivery === 'env') return { variables: { VCAP_SERVICES: JSON.stringify(services) }, dispose: () => {} }
  const files = delivery === 'file' ? composeServicesFile(services) : composeBindingFolders(services)
  const folder = mkdtempSync(join(tmpdir(), 'osb-bindings-'))
  writeBindingFiles(folder, files)
  const variables: Environment =
    delivery === 'file' ? { VCAP_SERVICES_FILE_PATH: join(folder, 'vcap_services') } : { SERVICE_BINDING_ROOT: folder }
  return { variables, dispose: () => rmSync(folder, { recursive: true, force: true }) }
}
