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

/** One entry of a source, before it is checked. */
export interface LocatedEntry {
  /** The key of the list that holds the entry. */
  readonly key: string
  readonly entry: unknown
  readonly place: Place
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
  readonly name: string | null
  /** The name of the service offering; `user-provided` for a user-provided service. */
  readonly label: string
  readonly tags: readonly string[]
  readonly plan: string | null
  /** A relic of version 1 brokers, null on today's Cloud Foundry; in a binding folder its `provider` file. */
  readonly provider: string | null
  readonly instance_name: string | null
  readonly instance_guid: string | null
  readonly binding_name: string | null
  readonly binding_guid: string | null
  readonly volume_mounts: readonly VolumeMount[]
  readonly #drainUrl: string | null
  readonly #entry: UnknownRecord
  #credentials: UnknownRecord | undefined

  /** @throws {VcapError} `INVALID_STRUCTURE` when a field is of the wrong kind. */
  constructor({ key, entry, place }: LocatedEntry) {
    if (!isRecord(entry)) throw invalidStructure(place, 'an object', entry)
    const text = (field: string) => readText(entry, field, place)
    this.binding_name = text('binding_name')
    this.instance_name = text('instance_name')
    this.name = text('name') ?? this.binding_name ?? this.instance_name
    this.label = text('label') ?? key
    this.tags = readList(entry, 'tags', place, isText, 'text')
    this.plan = text('plan')
    this.provider = text('provider')
    this.instance_guid = text('instance_guid')
    this.binding_guid = text('binding_guid')
    this.#drainUrl = text('syslog_drain_url')
    this.volume_mounts = readList(entry, 'volume_mounts', place, isVolumeMount, 'a volume mount')
    const { credentials } = entry
    if (credentials !== undefined && credentials !== null && !isRecord(credentials)) {
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
    return (this.#credentials ??= mask(resolved(this.#entry.credentials as UnknownRecord | null, this.name)))
  }

  /** Where the platform sends the app's logs for this service. */
  get syslog_drain_url(): string | null {
    return this.#drainUrl
  }

  /** The entry as the source has it, unknown fields and credentials included; hidden as {@link credentials} is. */
  get entry(): UnknownRecord {
    return mask(this.#entry)
  }
}

function isVolumeMount(value: unknown): value is VolumeMount {
  return isRecord(value) && isText(value.container_dir) && isText(value.mode ?? '') && isText(value.device_type ?? '')
}

function resolved(credentials: UnknownRecord | null | undefined, name: string | null): UnknownRecord {
  // The platform replaces the whole object when this key is there, whatever stands beside it.
  if (typeof credentials?.['credhub-ref'] !== 'string') return credentials ?? {}
  throw new VcapError(
    'CREDHUB_REF',
    `the credentials of ${JSON.stringify(name)} are a CredHub reference: the platform replaces it before the app ` +
      'starts, unless interpolation is off or the environment was copied from elsewhere',
  )
}
