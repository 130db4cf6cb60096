import type { BindResponse } from 'osb-protocol'
import type { MaybePromise } from '../is-promise.js'
import type { BrokerStore, ResourceRecord } from '../stores/broker-store.js'
import { contentOf } from './content-of.js'
import type { BindingRequest } from './stored-requests.js'
import { unref, within } from './timers.js'

/** A binding that is to be renewed: its `renew_before` has come (BMD-03, BMD-04). Holds no credentials. */
export interface DueBinding {
  readonly tenant: string
  readonly instance_id: string
  readonly binding_id: string
  readonly service_id: string
  readonly plan_id: string
  readonly app_guid?: string | undefined
  /** As the author gave them, ISO 8601. */
  readonly renewBefore: string
  readonly expiresAt?: string | undefined
}

/** What it throws, or a minute without an end, counts as a failure. */
export type OnBindingDue = (due: DueBinding) => void | Promise<void>

/** What the look for due bindings needs. */
export interface DueBindingsOptions {
  readonly store: BrokerStore
  readonly onBindingDue: OnBindingDue
  readonly intervalMs: number
  readonly onFault: (error: unknown, record: ResourceRecord | undefined) => void
}

/** A hook that never ends must not keep the others from being told. */
const hookMs = 60_000

/** Looks for bindings that are due, at the start and from time to time. @returns how to stop it */
export function watchDueBindings({ store, onBindingDue, intervalMs, onFault }: DueBindingsOptions): () => void {
  let stopped = false
  let looking = false

  async function look(): Promise<void> {
    if (looking || stopped) return
    looking = true
    try {
      let after: string | undefined
      do {
        const page = await store.list({ after })
        for (const record of page.records) if (!stopped && isDue(record)) await tell(record)
        after = page.next
      } while (after !== undefined && !stopped)
    } catch (error) {
      // A store that was closed meanwhile is no fault.
      if (!stopped) onFault(error, undefined)
    } finally {
      looking = false
    }
  }

  /** Told once: by the process whose note is written; one whose hook fails takes it back, for the next look. */
  async function tell(record: ResourceRecord): Promise<void> {
    if (await isSucceeded(store, record)) return
    const { renew_before } = metadataOf(record)
    const noted = await note(store, record, renew_before)
    if (!noted) return
    try {
      await call(toDue(record))
    } catch (error) {
      onFault(error, record)
      await note(store, noted, undefined)
    }
  }

  /** @throws what the hook throws; an error when it does not end */
  async function call(due: DueBinding): Promise<void> {
    const called = Promise.resolve(onBindingDue(due)).then(() => true)
    if (await within(called, hookMs)) return
    called.catch(() => undefined)
    throw new Error(`onBindingDue took longer than ${hookMs} ms`)
  }

  const timer = setInterval(() => void look(), intervalMs)
  unref(timer)
  queueMicrotask(() => void look())
  return () => {
    stopped = true
    clearInterval(timer)
  }
}

function isDue(record: ResourceRecord): boolean {
  const { key, status, operation } = record
  if (key.binding_id === undefined || status !== 'live' || operation.state === 'in progress') return false
  const { renew_before } = metadataOf(record)
  return renew_before !== undefined && operation.dueTold !== renew_before && Date.parse(renew_before) <= Date.now()
}

function metadataOf({ secrets }: ResourceRecord): NonNullable<BindResponse['metadata']> {
  return (secrets.answer as BindResponse).metadata ?? {}
}

/** Whether a rotation has made another binding in its place already. */
async function isSucceeded(store: BrokerStore, { key }: ResourceRecord): Promise<boolean> {
  const { tenant, instance_id, binding_id } = key
  let after: string | undefined
  do {
    const page = await store.list({ tenant, instance_id, after })
    for (const { status, secrets } of page.records)
      if (status === 'live' && (secrets.request as BindingRequest).predecessor_binding_id === binding_id) return true
    after = page.next
  } while (after !== undefined)
  return false
}

function note(
  store: BrokerStore,
  record: ResourceRecord,
  dueTold: string | undefined,
): MaybePromise<ResourceRecord | undefined> {
  const content = contentOf(record)
  const operation = { ...content.operation, dueTold }
  return store.write({ key: record.key, expected: record.version, content: { ...content, operation }, lease: 'keep' })
}

function toDue(record: ResourceRecord): DueBinding {
  const { key, service_id, plan_id, secrets } = record
  const { renew_before = '', expires_at } = metadataOf(record)
  const { app_guid } = secrets.request as BindingRequest
  const { tenant, instance_id, binding_id = '' } = key
  return {
    tenant,
    instance_id,
    binding_id,
    service_id,
    plan_id,
    app_guid,
    renewBefore: renew_before,
    expiresAt: expires_at,
  }
}
