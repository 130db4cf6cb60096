import { VcapError } from './errors.js'
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

/**
 * What the platform tells an app about itself. Fields keep their wire names; null where the platform wrote null, a
 * blank, or nothing: organisation and process came in 2019, the version is absent when there is none.
 */
export interface VcapApplication {
  readonly application_id: string | null
  readonly application_name: string | null
  readonly application_version: string | null
  /** Routes of the app, without a scheme. */
  readonly application_uris: readonly string[]
  readonly cf_api: string | null
  readonly limits: {
    readonly fds: number | null
    /** Megabytes; the memory of sidecars is not included. */
    readonly mem: number | null
    /** Megabytes. */
    readonly disk: number | null
  }
  readonly organization_id: string | null
  readonly organization_name: string | null
  readonly process_id: string | null
  readonly process_type: string | null
  readonly space_id: string | null
  readonly space_name: string | null
  /** `CF_INSTANCE_INDEX`, else the `instance_index` that DEAs wrote. */
  readonly instance_index: number | null
  /** `CF_INSTANCE_GUID`, else the `instance_id` that DEAs wrote. */
  readonly instance_id: string | null
  /** Where the app should listen: `PORT`, else the `port` that DEAs wrote. */
  readonly port: number | null
}

export interface ReadVcapApplicationOptions {
  /** @default process.env */
  readonly env?: Environment
}

/**
 * Reads `VCAP_APPLICATION`, and what Diego keeps in variables of its own.
 *
 * @throws {VcapError} `NOT_SET`, `INVALID_JSON`, `INVALID_STRUCTURE`.
 * @example
 * const { application_name, instance_index, port } = readVcapApplication()
 */
export function readVcapApplication({ env = process.env }: ReadVcapApplicationOptions = {}): VcapApplication {
  const source = 'VCAP_APPLICATION'
  const value = env[source] ?? ''
  if (value.trim() === '') throw new VcapError('NOT_SET', `${source} is not set`)
  const place: Place = { source, path: [] }
  const application = toRecord(parseJson(value, source), place)
  const limits = toRecord(application.limits ?? {}, inside(place, 'limits'))
  const text = (field: string) => readText(application, field, place)
  const limit = (field: string) => readNumber(limits, field, inside(place, 'limits'))
  return {
    application_id: text('application_id'),
    application_name: text('application_name') ?? text('name'),
    application_version: text('application_version') ?? text('version'),
    application_uris: readList(
      application,
      application.application_uris ? 'application_uris' : 'uris',
      place,
      isText,
      'text',
    ),
    cf_api: text('cf_api'),
    limits: {
      fds: limit('fds'),
      mem: limit('mem'),
      disk: limit('disk'),
    },
    organization_id: text('organization_id'),
    organization_name: text('organization_name'),
    process_id: text('process_id'),
    process_type: text('process_type'),
    space_id: text('space_id'),
    space_name: text('space_name'),
    instance_index: toNumber(env.CF_INSTANCE_INDEX) ?? readNumber(application, 'instance_index', place),
    instance_id: env.CF_INSTANCE_GUID ?? text('instance_id'),
    port: toNumber(env.PORT) ?? readNumber(application, 'port', place),
  }
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
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}
