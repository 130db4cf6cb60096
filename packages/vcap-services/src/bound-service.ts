import { VcapError } from './errors.js'
import { mask } from './mask.js'
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

/** A volume that the platform mounted into the container, as it stands in the source. */
export interface VolumeMount {
  readonly container_dir: string
  /** `r` or `rw`. */
  readonly mode?: string | null
  /** `shared` in all of Cloud Foundry today. */
  readonly device_type?: string | null
}

/** One entry of a source, before it is checked. Its path is made only when an error needs it. */
export class LocatedEntry implements Place {
  /** The key of the list that holds the entry. */
  declare readonly key: string
  declare readonly entry: unknown
  declare readonly source: string
  declare private readonly at: string | number

  /** @param at the entry's place in its list, or the name of its folder */
  constructor(key: string, entry: unknown, source: string, at: string | number) {
    this.key = key
    this.entry = entry
    this.source = source
    this.at = at
  }

  get path(): readonly PropertyKey[] {
    return typeof this.at === 'string' ? [this.at] : [this.key, this.at]
  }
}

/**
 * A service that is bound to this app. Fields keep their wire names; null where the platform wrote null, a blank, or
 * nothing at all.
 *
 * Logs and JSON show everything but the credentials, and the drain, whose URL may hold a token: those live behind
 * getters on the prototype, which neither `console.log` nor `JSON.stringify` visits.
 */
export class BoundService {
  /** The binding's name if it has one, else the instance's. */
  declare readonly name: string | null
  /** The name of the service offering; `user-provided` for a user-provided service. */
  declare readonly label: string
  declare readonly tags: readonly string[]
  declare readonly plan: string | null
  /** A relic of version 1 brokers, null on today's Cloud Foundry; in a binding folder its `provider` file. */
  declare readonly provider: string | null
  declare readonly instance_name: string | null
  declare readonly instance_guid: string | null
  declare readonly binding_name: string | null
  declare readonly binding_guid: string | null
  declare readonly volume_mounts: readonly VolumeMount[]
  readonly #entry: UnknownRecord
  #credentials: UnknownRecord | undefined

  /** @throws {VcapError} `INVALID_STRUCTURE` when a field is of the wrong kind. */
  constructor(place: LocatedEntry) {
    const { key, entry } = place
    if (!isRecord(entry)) throw invalidStructure(place, 'an object', entry)
    this.binding_name = readText(entry.binding_name, place, 'binding_name')
    this.instance_name = readText(entry.instance_name, place, 'instance_name')
    this.name = readText(entry.name, place, 'name') ?? this.binding_name ?? this.instance_name
    this.label = readText(entry.label, place, 'label') ?? key
    this.tags = readList(entry.tags, place, 'tags', isText, 'text')
    this.plan = readText(entry.plan, place, 'plan')
    this.provider = readText(entry.provider, place, 'provider')
    this.instance_guid = readText(entry.instance_guid, place, 'instance_guid')
    this.binding_guid = readText(entry.binding_guid, place, 'binding_guid')
    readText(entry.syslog_drain_url, place, 'syslog_drain_url')
    this.volume_mounts = readList(entry.volume_mounts, place, 'volume_mounts', isVolumeMount, 'a volume mount')
    const { credentials } = entry
    if (credentials !== undefined && credentials !== null && credentials !== '' && !isRecord(credentials)) {
      throw invalidStructure(inside(place, 'credentials'), 'an object', credentials)
    }
    this.#entry = entry
  }

  /**
   * What the broker gave; empty if it gave nothing. The object as a whole is shown as `[hidden]` by logs and JSON; its
   * fields, and a spread of it, are plain.
   *
   * @throws {VcapError} `CREDHUB_REF` when the platform did not replace a reference to CredHub.
   */
  get credentials(): UnknownRecord {
    return (this.#credentials ??= mask(resolved(this.#entry.credentials, this.name)))
  }

  /** Where the platform sends the app's logs for this service. */
  get syslog_drain_url(): string | null {
    return readText(this.#entry.syslog_drain_url, { source: '', path: [] }, '')
  }

  /** The entry as the source has it, unknown fields and credentials included; hidden as {@link credentials} is. */
  get entry(): UnknownRecord {
    return mask(this.#entry)
  }
}

function isVolumeMount(value: unknown): value is VolumeMount {
  return isRecord(value) && isText(value.container_dir) && isText(value.mode ?? '') && isText(value.device_type ?? '')
}

function resolved(credentials: unknown, name: string | null): UnknownRecord {
  if (!isRecord(credentials)) return {}
  // The platform replaces the whole object when this key is there, whatever stands beside it.
  if (typeof credentials['credhub-ref'] !== 'string') return credentials
  throw new VcapError(
    'CREDHUB_REF',
    `the credentials of ${JSON.stringify(name)} are a CredHub reference that the platform did not ` +
      'replace: interpolation is off, or the environment is a copy',
  )
}
