import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ComposedServices } from './app-environment.js'
import { PlatformError } from './platform-error.js'

/** Files by their path below the folder of the bindings. */
export type BindingFiles = ReadonlyMap<string, string>

/** Cloud Controller allows no more, paths included. */
const mostBytes = 1_000_000

/** The one file that `VCAP_SERVICES_FILE_PATH` names. */
export function composeServicesFile(services: ComposedServices): BindingFiles {
  return limited(new Map([['vcap_services', JSON.stringify(services)]]))
}

const renamed = /^(?:binding_guid|binding_name|instance_guid|instance_name|syslog_drain_url|volume_mounts)$/

/**
 * The folders below `SERVICE_BINDING_ROOT`, one for each binding, as Cloud Controller and servicebinding.io have them:
 * the credentials, over them the attributes of `VCAP_SERVICES` with dashes, and `type` and `provider`.
 * @throws {PlatformError} `INVALID` when a name cannot be one of a file, or is there twice
 */
export function composeBindingFolders(services: ComposedServices): BindingFiles {
  const files = new Map<string, string>()
  const folders = new Set<string>()
  for (const { credentials, ...attributes } of Object.values(services).flat()) {
    const { name, label } = attributes
    if (!/^[a-z0-9\-.]{1,253}$/.test(name) || /^\.+$/.test(name)) throw unfit(`the name ${name} of a binding`)
    if (folders.has(name)) throw unfit(`the name ${name} of two bindings`)
    folders.add(name)
    const all = [
      ...Object.entries(credentials ?? {}),
      ...Object.entries(attributes).map(([key, value]) => [renamed.test(key) ? key.replaceAll('_', '-') : key, value]),
      ['type', label],
      ['provider', label],
    ] as readonly (readonly [string, unknown])[]
    for (const [key, value] of all) {
      if (!/^[a-z0-9\-._]{1,253}$/.test(key) || /^\.+$/.test(key)) throw unfit(`the key ${key} of ${name}`)
      const text = contentOf(value)
      if (text !== undefined) files.set(join(name, key), text)
    }
  }
  return limited(files)
}

/** Writes files that only their user can read. */
export function writeBindingFiles(folder: string, files: BindingFiles): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, path), text, { mode: 0o600 })
  }
}

/** Undefined for what is left out: null, and what is empty. */
function contentOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return undefined
  if (typeof value === 'object' && Object.keys(value).length === 0) return undefined
  return JSON.stringify(value)
}

function limited(files: Map<string, string>): BindingFiles {
  const bytes = [...files].reduce((sum, [path, text]) => sum + Buffer.byteLength(path) + Buffer.byteLength(text), 0)
  if (bytes <= mostBytes) return files
  const message = `the bindings take ${bytes} bytes as files; Cloud Foundry allows ${mostBytes}`
  throw new PlatformError('INVALID', message, 'Unbind what the app does not need.')
}

function unfit(what: string): PlatformError {
  const next = 'Bind with another name (--binding-name), or give the services as VCAP_SERVICES.'
  return new PlatformError('INVALID', `${what} cannot be one of a file or folder`, next)
}
