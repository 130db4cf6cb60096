import { parseJson } from './parse-json.js'
import type { Environment } from './sources.js'
import {
  inside,
  invalidStructure,
  isRecord,
  isText,
  readList,
  readText,
  type Place,
  type UnknownRecord,
} from './structure.js'

/** One port of the app's container: where the app listens, and where others reach it. */
export interface InstancePort {
  readonly internal: number | null
  readonly external: number | null
  readonly internal_tls_proxy: number | null
  readonly external_tls_proxy: number | null
}

/**
 * What the platform tells an app about itself. Fields of VCAP_APPLICATION keep their wire names, what comes from other
 * variables has names of ours; null where the platform wrote null, a blank, or nothing: organisation and process came
 * in 2019, the version is absent when there is none.
 */
export interface VcapApplication {
  /** True where VCAP_APPLICATION is not set: the app does not run on Cloud Foundry. */
  readonly isLocal: boolean
  readonly application_id: string | null
  readonly application_name: string | null
  readonly application_version: string | null
  /** Routes of the app, without a scheme. */
  readonly application_uris: readonly string[]
  readonly cf_api: string | null
  readonly limits: {
    /** Open files. */
    readonly fds: number | null
    /** Memory in megabytes, as it stands there; the memory of sidecars is not included. */
    readonly mem: number | null
    /** Disk in megabytes, as it stands there. */
    readonly disk: number | null
    /** `mem` in bytes. */
    readonly memBytes: number | null
    /** `disk` in bytes. */
    readonly diskBytes: number | null
  }
  readonly organization_id: string | null
  readonly organization_name: string | null
  readonly process_id: string | null
  readonly process_type: string | null
  readonly space_id: string | null
  readonly space_name: string | null
  /** When the instance started, as DEAs wrote it (`started_at`, else `start`). */
  readonly started_at: string | null
  /** The same in seconds since 1970 (`started_at_timestamp`, else `state_timestamp`). */
  readonly started_at_timestamp: number | null
  /** `CF_INSTANCE_INDEX`, else the `instance_index` that DEAs wrote. */
  readonly instance_index: number | null
  /** `CF_INSTANCE_GUID`, else the `instance_id` that DEAs wrote. */
  readonly instance_id: string | null
  /** `CF_INSTANCE_IP`: the host that the instance runs on. */
  readonly instanceIp: string | null
  /** `CF_INSTANCE_INTERNAL_IP`: the container, for traffic between containers. */
  readonly instanceInternalIp: string | null
  /** `CF_INSTANCE_ADDR`: `CF_INSTANCE_IP` and `CF_INSTANCE_PORT`. */
  readonly instanceAddr: string | null
  /** `CF_INSTANCE_PORT`: the port on the host for the first port of the container. */
  readonly instancePort: number | null
  /** `CF_INSTANCE_PORTS`, also with the unquoted keys of the documentation. */
  readonly instancePorts: readonly InstancePort[]
  /** `CF_INSTANCE_CERT`: path to the certificate of the instance's identity. */
  readonly instanceCertPath: string | null
  /** `CF_INSTANCE_KEY`: path to its private key. */
  readonly instanceKeyPath: string | null
  /** The address to listen on: `VCAP_APP_HOST`, else the `host` that DEAs wrote. */
  readonly host: string | null
  /** Where the app should listen: `PORT`, else `VCAP_APP_PORT`, else the `port` that DEAs wrote. */
  readonly port: number | null
}

export interface ReadVcapApplicationOptions {
  /** A VCAP_APPLICATION document, as JSON text or as the object; in place of the variable. */
  readonly value?: string | object
  /** @default process.env */
  readonly env?: Environment
}

/**
 * Reads `VCAP_APPLICATION`, and what Diego keeps in variables of its own. Where the variable is not set, as on a
 * developer's machine, `isLocal` is true and only the other variables count.
 *
 * @throws {VcapError} `INVALID_JSON`, `INVALID_STRUCTURE`.
 * @example
 * const { application_name, isLocal, port } = readVcapApplication()
 * server.listen(port ?? 8080)
 */
export function readVcapApplication({ value, env = process.env }: ReadVcapApplicationOptions = {}): VcapApplication {
  const given = value ?? env.VCAP_APPLICATION ?? ''
  const isLocal = typeof given === 'string' && given.trim() === ''
  const place: Place = { source: value === undefined ? 'VCAP_APPLICATION' : 'the given value', path: [] }
  const document = typeof given === 'string' ? parseJson(isLocal ? '{}' : given, place.source) : given
  const application = toRecord(document, place)
  const text = (field: string) => readText(application[field], place, field)
  const uris = application.application_uris ? 'application_uris' : 'uris'
  return {
    isLocal,
    application_id: text('application_id'),
    application_name: text('application_name') ?? text('name'),
    application_version: text('application_version') ?? text('version'),
    application_uris: readList(application[uris], place, uris, isText, 'text'),
    cf_api: text('cf_api'),
    limits: readLimits(application, inside(place, 'limits')),
    organization_id: text('organization_id'),
    organization_name: text('organization_name'),
    process_id: text('process_id'),
    process_type: text('process_type'),
    space_id: text('space_id'),
    space_name: text('space_name'),
    started_at: text('started_at') ?? text('start'),
    started_at_timestamp:
      readNumber(application, 'started_at_timestamp', place) ?? readNumber(application, 'state_timestamp', place),
    instance_index: toNumber(env.CF_INSTANCE_INDEX) ?? readNumber(application, 'instance_index', place),
    instance_id: env.CF_INSTANCE_GUID || text('instance_id'),
    ...readInstance(env),
    host: env.VCAP_APP_HOST || text('host'),
    port: toNumber(env.PORT) ?? toNumber(env.VCAP_APP_PORT) ?? readNumber(application, 'port', place),
  }
}

function readLimits(application: UnknownRecord, place: Place): VcapApplication['limits'] {
  const limits = toRecord(application.limits ?? {}, place)
  const [fds, mem, disk] = ['fds', 'mem', 'disk'].map((field) => readNumber(limits, field, place)) as Limit[]
  return { fds: fds ?? null, mem: mem ?? null, disk: disk ?? null, memBytes: toBytes(mem), diskBytes: toBytes(disk) }
}

type Limit = number | null | undefined

function toBytes(megabytes: Limit): number | null {
  return megabytes == null ? null : megabytes * 1024 * 1024
}

function readInstance(env: Environment) {
  return {
    instanceIp: env.CF_INSTANCE_IP || null,
    instanceInternalIp: env.CF_INSTANCE_INTERNAL_IP || null,
    instanceAddr: env.CF_INSTANCE_ADDR || null,
    instancePort: toNumber(env.CF_INSTANCE_PORT),
    instancePorts: readPorts(env.CF_INSTANCE_PORTS ?? ''),
    instanceCertPath: env.CF_INSTANCE_CERT || null,
    instanceKeyPath: env.CF_INSTANCE_KEY || null,
  }
}

function readPorts(value: string): readonly InstancePort[] {
  const source = 'CF_INSTANCE_PORTS'
  if (value.trim() === '') return []
  const ports = parseJson(value.replaceAll(/([{,]\s*)(\w+)(?=\s*:)/g, '$1"$2"'), source)
  if (!Array.isArray(ports)) throw invalidStructure({ source, path: [] }, 'an array', ports)
  return ports.map((item: unknown, index) => {
    const place: Place = { source, path: [index] }
    const port = toRecord(item, place)
    const at = (field: string) => readNumber(port, field, place)
    return {
      internal: at('internal'),
      external: at('external'),
      internal_tls_proxy: at('internal_tls_proxy'),
      external_tls_proxy: at('external_tls_proxy'),
    }
  })
}

function toRecord(value: unknown, place: Place): UnknownRecord {
  if (isRecord(value)) return value
  throw invalidStructure(place, 'an object', value)
}

function readNumber(record: UnknownRecord, field: string, place: Place): number | null {
  const value = record[field] ?? null
  if (value === null || typeof value === 'number') return value
  throw invalidStructure(inside(place, field), 'a number', value)
}

function toNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : null
}
