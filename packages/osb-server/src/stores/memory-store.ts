import type { BrokerStore, Lease, ResourceContent, ResourceKey, ResourceRecord, ResourceWrite } from './broker-store.js'
import { firstVersion } from './first-version.js'
import { checkLimit, type Listing, type Place, toListing, toNext } from './list-options.js'
import { StoreError } from './store-error.js'

interface Entry {
  readonly key: ResourceKey
  readonly version: number
  /** As JSON, so that it is copied in and out, and so that this store gives back what a database would. */
  readonly json: string
  readonly inProgress: boolean
  /** When the delete of a deleted resource ended. */
  readonly deletedAtMs: number | undefined
  readonly owner: string | undefined
  readonly token: number
  /** By the monotonic clock of the process. */
  readonly leaseEndsMs: number
}

/**
 * A store in the memory of this process, for tests and for brokers that may forget everything when they end.
 * @example const broker = createBroker({ offerings, auth, store: memoryStore() })
 */
export function memoryStore(): BrokerStore {
  const entries = new Map<string, Entry>()
  /** The ids of an instance's bindings, so that none of the others has to be looked at. */
  const bindings = new Map<string, Set<string>>()
  let closed = false

  function put(entry: Entry): void {
    const id = toId(entry.key)
    entries.set(id, entry)
    if (entry.key.binding_id !== undefined) {
      const instance = toId(instanceOf(entry.key))
      bindings.set(instance, (bindings.get(instance) ?? new Set()).add(id))
    }
  }

  function remove(id: string, key: ResourceKey): void {
    entries.delete(id)
    const siblings = bindings.get(toId(instanceOf(key)))
    if (siblings?.delete(id) && siblings.size === 0) {
      bindings.delete(toId(instanceOf(key)))
    }
  }

  function bindingsOf(key: ResourceKey): Entry[] {
    return [...(bindings.get(toId(instanceOf(key))) ?? [])].flatMap((id) => entries.get(id) ?? [])
  }

  /** What keeps `async` methods from being begun after `close`; each runs to its end without a pause, so is atomic. */
  function checkOpen(): void {
    if (closed) {
      throw StoreError.closed()
    }
  }

  function held(key: ResourceKey, token: number): Entry | undefined {
    const entry = entries.get(toId(key))
    return entry?.owner !== undefined && entry.token === token ? entry : undefined
  }

  return {
    async read(key) {
      checkOpen()
      const instance = entries.get(toId(instanceOf(key)))
      const binding = key.binding_id === undefined ? undefined : entries.get(toId(key))
      return {
        instance: instance && toRecord(instance),
        binding: binding && toRecord(binding),
        bindingsBusy: bindingsOf(key).some((entry) => entry.inProgress),
      }
    },

    async write(write) {
      checkOpen()
      const before = entries.get(toId(write.key))
      const instance = entries.get(toId(instanceOf(write.key)))
      const touches = write.key.binding_id !== undefined && write.instanceVersion !== undefined
      if (before?.version !== (write.expected === 'absent' ? undefined : write.expected)) {
        return undefined
      }
      if (touches && instance?.version !== write.instanceVersion) {
        return undefined
      }
      const entry = toEntry(write, before ?? newEntry(write.key, firstVersion()))
      put(entry)
      if (touches && instance !== undefined) {
        put({ ...instance, version: instance.version + 1 })
      }
      if (write.removeBindings === true && write.key.binding_id === undefined) {
        bindingsOf(write.key).forEach(({ key }) => remove(toId(key), key))
      }
      return toRecord(entry)
    },

    async renewLease(key, token, ttlMs) {
      checkOpen()
      const entry = held(key, token)
      if (entry !== undefined) {
        put({ ...entry, leaseEndsMs: performance.now() + ttlMs })
      }
      return entry !== undefined
    },

    async claimLapsed(owner, ttlMs, limit) {
      checkOpen()
      checkLimit(limit)
      const now = performance.now()
      const lapsed = [...entries.values()].filter((entry) => entry.inProgress && entry.leaseEndsMs <= now)
      const claimed = lapsed
        .toSorted((a, b) => a.leaseEndsMs - b.leaseEndsMs)
        .slice(0, limit)
        .map((entry) => ({ ...entry, ...takeLease(entry.token, owner, ttlMs), version: entry.version + 1 }))
      claimed.forEach(put)
      return claimed.map(toRecord)
    },

    async releaseLease(key, token) {
      checkOpen()
      const entry = held(key, token)
      if (entry !== undefined) {
        put({ ...entry, ...endLease(), version: entry.version + 1 })
      }
    },

    async list(options) {
      checkOpen()
      const listing = toListing(options)
      const found = [...entries.values()]
        .filter((entry) => matches(entry, listing))
        .toSorted((a, b) => comparePlaces(toPlace(a.key), toPlace(b.key)))
      const page = found.slice(0, listing.limit)
      const last = page.at(-1)
      const next = last === undefined || found.length <= page.length ? {} : { next: toNext(toPlace(last.key)) }
      return { records: page.map(toRecord), ...next }
    },

    async purgeDeleted(endedBeforeMs, limit) {
      checkOpen()
      checkLimit(limit)
      const ended = [...entries]
        .filter(([, { deletedAtMs }]) => deletedAtMs !== undefined && deletedAtMs < endedBeforeMs)
        .toSorted(([, a], [, b]) => (a.deletedAtMs ?? 0) - (b.deletedAtMs ?? 0))
        .slice(0, limit)
      ended.forEach(([id, { key }]) => remove(id, key))
      return ended.length
    },

    async close() {
      closed = true
      entries.clear()
      bindings.clear()
    },
  }
}

function toId({ tenant, instance_id, binding_id }: ResourceKey): string {
  return JSON.stringify([tenant, instance_id, binding_id])
}

function instanceOf({ tenant, instance_id }: ResourceKey): ResourceKey {
  return { tenant, instance_id }
}

function newEntry(key: ResourceKey, first: number): Omit<Entry, 'json' | 'inProgress' | 'deletedAtMs'> {
  const { tenant, instance_id, binding_id } = key
  const copy = binding_id === undefined ? { tenant, instance_id } : { tenant, instance_id, binding_id }
  return { key: copy, version: first, token: first, ...endLease() }
}

function toEntry(write: ResourceWrite, before: ReturnType<typeof newEntry>): Entry {
  const { content, lease } = write
  const changed = { keep: () => ({}), release: endLease }
  return {
    ...before,
    ...(typeof lease === 'string' ? changed[lease]() : takeLease(before.token, lease.owner, lease.ttlMs)),
    version: before.version + 1,
    json: JSON.stringify(content),
    inProgress: content.operation.state === 'in progress',
    deletedAtMs: content.status === 'deleted' ? content.operation.endedAtMs : undefined,
  }
}

function takeLease(token: number, owner: string, ttlMs: number): Pick<Entry, 'owner' | 'token' | 'leaseEndsMs'> {
  return { owner, token: token + 1, leaseEndsMs: performance.now() + ttlMs }
}

function endLease(): Pick<Entry, 'owner' | 'leaseEndsMs'> {
  return { owner: undefined, leaseEndsMs: performance.now() }
}

function toRecord({ key, version, json, owner, token }: Entry): ResourceRecord {
  const lease: { lease?: Lease } = owner === undefined ? {} : { lease: { owner, token } }
  return { ...(JSON.parse(json) as ResourceContent), key: { ...key }, version, ...lease }
}

function toPlace({ tenant, instance_id, binding_id }: ResourceKey): Place {
  return binding_id === undefined ? [tenant, instance_id] : [tenant, instance_id, binding_id]
}

/** By tenant, instance and binding; an instance comes before its bindings. */
function comparePlaces(a: Place, b: Place): number {
  const at = [0, 1, 2].find((index) => a[index] !== b[index])
  if (at === undefined) {
    return 0
  }
  const [left, right] = [a[at], b[at]]
  return left === undefined || (right !== undefined && left < right) ? -1 : 1
}

function matches({ key, inProgress }: Entry, listing: Listing): boolean {
  const ofInstance =
    listing.instance_id === undefined || (key.instance_id === listing.instance_id && key.binding_id !== undefined)
  return (
    ofInstance &&
    (listing.tenant === undefined || key.tenant === listing.tenant) &&
    (inProgress || !listing.inProgress) &&
    (listing.after === undefined || comparePlaces(toPlace(key), listing.after) > 0)
  )
}
