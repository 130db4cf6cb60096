import { LinkedSet, type Linked } from '../linked-set.js'
import type { BrokerStore, Lease, ResourceContent, ResourceKey, ResourceRecord, ResourceWrite } from './broker-store.js'
import { firstVersion } from './first-version.js'
import { frozenContent, frozenRecord } from './frozen-record.js'
import { checkLimit, type Listing, type Place, toListing, toNext } from './list-options.js'
import { StoreError } from './store-error.js'

interface Entry extends Linked<Entry> {
  readonly key: ResourceKey
  /** Replaced as a whole; frozen through and through, so that what is handed out is what is kept. */
  record: ResourceRecord
  /** Of the last lease, which the record names only while it is held. */
  token: number
  /** By the monotonic clock of the process. */
  leaseEndsMs: number
}

/** An instance and its bindings, each of which may be there without the other. */
interface Family {
  instance: Entry | undefined
  readonly bindings: Map<string, Entry>
}

/**
 * A store in the memory of this process, for tests and for brokers that may forget everything when they end.
 * @example const broker = createBroker({ offerings, auth, store: memoryStore() })
 */
export function memoryStore(): BrokerStore {
  /** By tenant and instance. Ids keep their hashes, which one text made of both would need anew at each call. */
  const tenants = new Map<string, Map<string, Family>>()
  /** Those in progress, so that none of the others has to be looked at. */
  let running = new LinkedSet<Entry>()
  let closed = false

  function put(entry: Entry, family: Family): void {
    const { binding_id } = entry.key
    if (binding_id === undefined) family.instance = entry
    else family.bindings.set(binding_id, entry)
    if (isRunning(entry)) running.add(entry)
    else running.delete(entry)
  }

  function remove(entry: Entry): void {
    running.delete(entry)
    const { tenant, instance_id, binding_id } = entry.key
    const families = tenants.get(tenant)
    const family = families?.get(instance_id)
    if (!families || !family) return
    if (binding_id === undefined) family.instance = undefined
    else family.bindings.delete(binding_id)
    if (family.instance !== undefined || family.bindings.size > 0) return
    families.delete(instance_id)
    if (families.size === 0) tenants.delete(tenant)
  }

  function findFamily({ tenant, instance_id }: ResourceKey): Family | undefined {
    return tenants.get(tenant)?.get(instance_id)
  }

  function newFamily({ tenant, instance_id }: ResourceKey): Family {
    const families = tenants.get(tenant) ?? new Map<string, Family>()
    const family: Family = { instance: undefined, bindings: new Map() }
    tenants.set(tenant, families)
    families.set(instance_id, family)
    return family
  }

  function find(key: ResourceKey): Entry | undefined {
    return entryIn(findFamily(key), key)
  }

  function all(): Entry[] {
    const families = [...tenants.values()].flatMap((ofTenant) => [...ofTenant.values()])
    return families.flatMap(({ instance, bindings }) => [
      ...(instance === undefined ? [] : [instance]),
      ...bindings.values(),
    ])
  }

  /** What keeps `async` methods from being begun after `close`; each runs to its end without a pause, so is atomic. */
  function checkOpen(): void {
    if (closed) throw StoreError.closed()
  }

  function held(key: ResourceKey, token: number): Entry | undefined {
    const entry = find(key)
    return entry?.record.lease?.token === token ? entry : undefined
  }

  return {
    read(key) {
      checkOpen()
      const family = findFamily(key)
      if (family === undefined) return { bindingsBusy: false }
      const binding = key.binding_id === undefined ? undefined : family.bindings.get(key.binding_id)
      return {
        instance: family.instance?.record,
        binding: binding?.record,
        bindingsBusy: hasRunning(family),
      }
    },

    write(write) {
      checkOpen()
      const { key, expected, instanceVersion } = write
      const isBinding = key.binding_id !== undefined
      const known = findFamily(key)
      const before = entryIn(known, key)
      const touches = isBinding && instanceVersion !== undefined
      if (before?.record.version !== (expected === 'absent' ? undefined : expected)) return undefined
      if (touches && known?.instance?.record.version !== instanceVersion) return undefined
      // Before anything changes: what is no JSON is refused here.
      const content = frozenContent(write.content, before?.record)
      const family = known ?? newFamily(key)
      const entry = before ?? newEntry(key, content)
      change(entry, write.lease, content)
      put(entry, family)
      if (touches && family.instance) change(family.instance, 'keep')
      if (write.removeBindings === true && !isBinding) [...family.bindings.values()].forEach(remove)
      return entry.record
    },

    async renewLease(key, token, ttlMs) {
      checkOpen()
      const entry = held(key, token)
      if (entry !== undefined) entry.leaseEndsMs = performance.now() + ttlMs
      return entry !== undefined
    },

    async claimLapsed(owner, ttlMs, limit) {
      checkOpen()
      checkLimit(limit)
      const now = performance.now()
      const lapsed = [...running].filter(({ leaseEndsMs }) => leaseEndsMs <= now)
      const claimed = lapsed.toSorted((a, b) => a.leaseEndsMs - b.leaseEndsMs).slice(0, limit)
      for (const entry of claimed) change(entry, { owner, ttlMs })
      return claimed.map(({ record }) => record)
    },

    async releaseLease(key, token) {
      checkOpen()
      const entry = held(key, token)
      if (entry !== undefined) change(entry, 'release')
    },

    async list(options) {
      checkOpen()
      const listing = toListing(options)
      const found = all()
        .filter((entry) => matches(entry, listing))
        .toSorted((a, b) => comparePlaces(toPlace(a.key), toPlace(b.key)))
      const page = found.slice(0, listing.limit)
      const last = page.at(-1)
      const next = last === undefined || found.length <= page.length ? {} : { next: toNext(toPlace(last.key)) }
      return { records: page.map(({ record }) => record), ...next }
    },

    async purgeDeleted(endedBeforeMs, limit) {
      checkOpen()
      checkLimit(limit)
      const ended = all()
        .filter((entry) => deletedAtMs(entry) < endedBeforeMs)
        .toSorted((a, b) => deletedAtMs(a) - deletedAtMs(b))
        .slice(0, limit)
      ended.forEach(remove)
      return ended.length
    },

    async close() {
      closed = true
      tenants.clear()
      running = new LinkedSet()
    },
  }
}

function entryIn(family: Family | undefined, { binding_id }: ResourceKey): Entry | undefined {
  return binding_id === undefined ? family?.instance : family?.bindings.get(binding_id)
}

function isRunning({ record }: Entry): boolean {
  return record.operation.state === 'in progress'
}

function hasRunning({ bindings }: Family): boolean {
  for (const entry of bindings.values()) if (isRunning(entry)) return true
  return false
}

/** When the delete of a deleted resource ended; later than any time for others. */
function deletedAtMs({ record: { status, operation } }: Entry): number {
  return (status === 'deleted' ? operation.endedAtMs : undefined) ?? Number.POSITIVE_INFINITY
}

/** An entry as it is before its first write. */
function newEntry({ tenant, instance_id, binding_id }: ResourceKey, content: ResourceContent): Entry {
  const key = Object.freeze(binding_id === undefined ? { tenant, instance_id } : { tenant, instance_id, binding_id })
  const first = firstVersion()
  const record = frozenRecord(key, first, content, undefined)
  return { key, record, token: first, leaseEndsMs: performance.now(), before: undefined, after: undefined }
}

/** @param content frozen; without it, what is there stays */
function change(entry: Entry, lease: ResourceWrite['lease'], content: ResourceContent = entry.record): void {
  entry.record = frozenRecord(entry.key, entry.record.version + 1, content, changedLease(entry, lease))
}

function changedLease(entry: Entry, lease: ResourceWrite['lease']): Lease | undefined {
  if (lease === 'keep') return entry.record.lease
  entry.leaseEndsMs = performance.now() + (lease === 'release' ? 0 : lease.ttlMs)
  if (lease === 'release') return undefined
  entry.token += 1
  return Object.freeze({ owner: lease.owner, token: entry.token })
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

function matches(entry: Entry, listing: Listing): boolean {
  const { key } = entry
  const ofInstance =
    listing.instance_id === undefined || (key.instance_id === listing.instance_id && key.binding_id !== undefined)
  return (
    ofInstance &&
    (listing.tenant === undefined || key.tenant === listing.tenant) &&
    (listing.only === undefined || (listing.only === 'bindings') === (key.binding_id !== undefined)) &&
    (!listing.inProgress || isRunning(entry)) &&
    (listing.after === undefined || comparePlaces(toPlace(key), listing.after) > 0)
  )
}
