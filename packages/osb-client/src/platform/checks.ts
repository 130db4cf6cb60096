import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brokerAddress } from '../broker-address.js'
import { fileLedger } from '../orphans/file-ledger.js'
import type { LedgerEntry, OrphanLedger } from '../orphans/orphan-ledger.js'
import type { Attempt, CleanUpStep } from './clean-up-step.js'
import type { OperationOptions } from './operations.js'
import { PlatformError } from './platform-error.js'
import { hasEnded, ownMark, type ProcessMark } from './process-mark.js'
import type { BrokerRecord } from './state.js'
import { recordOf } from './unregistered.js'
import type { World } from './world.js'

/** The record of what a check of a broker creates, so that a crash leaves nothing unknown. */
export interface CheckRecord {
  readonly ledger: OrphanLedger
  /** Ends the record. It stays on the disk where the broker still has something of it. */
  close(): Promise<void>
}

const folderOf = (folder: string): string => join(folder, 'checks')

/**
 * Begins the record of a check, in a file of its own below the folder of the state.
 * @throws {PlatformError} `STATE` when nothing can be written there
 */
export async function openCheckRecord(folder: string): Promise<CheckRecord> {
  const guid = randomUUID()
  const mark = join(folderOf(folder), `${guid}.json`)
  const path = join(folderOf(folder), `${guid}.jsonl`)
  try {
    mkdirSync(folderOf(folder), { recursive: true, mode: 0o700 })
    writeFileSync(mark, JSON.stringify(ownMark()), { mode: 0o600 })
    const ledger = await fileLedger(path)
    return {
      ledger,
      async close() {
        await ledger.close()
        if (ledger.unsettled().length === 0) forget(mark, path)
      },
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new PlatformError(
      'STATE',
      `${folder} cannot be written (${code})`,
      'Set OSB_HOME to a folder of yours.',
      error,
    )
  }
}

/** Deletes what checks have created whose process is no more. */
export async function removeChecked(world: World, options: OperationOptions, attempt: Attempt): Promise<void> {
  for (const { mark, path } of endedChecks(world.file.folder)) {
    const ledger = await fileLedger(path)
    try {
      const bindingsFirst = ledger.unsettled().toSorted((a, b) => Number(isInstance(a)) - Number(isInstance(b)))
      for (const entry of bindingsFirst) await attempt(stepOf(entry), () => remove(world, ledger, entry, options))
      if (ledger.unsettled().length === 0) forget(mark, path)
    } finally {
      await ledger.close()
    }
  }
}

const attempts = 3

async function remove(
  world: World,
  ledger: OrphanLedger,
  entry: LedgerEntry,
  { signal }: OperationOptions,
): Promise<void> {
  const { target, instance_id, binding_id, service_id = '', plan_id = '' } = entry
  const client = await world.client(brokerAt(world, entry.broker))
  const ids = { instance_id, service_id, plan_id }
  const orphan =
    target === 'binding' && binding_id !== undefined
      ? ({ target, binding_id, ...ids } as const)
      : ({ target: 'instance', ...ids } as const)
  await client.mitigateOrphan(orphan, { attempts, signal })
  await ledger.write({ ...entry, state: 'deleted' })
}

/** The broker that is at an address: one that was named with this command, or one that is registered. */
function brokerAt({ file, unregistered }: World, address: string): BrokerRecord {
  const named = unregistered && recordOf(unregistered)
  const known = [...(named ? [named] : []), ...file.read().brokers]
  const found = known.find(({ url }) => addressOf(url) === address)
  if (found) return found
  const next = 'Give it again: OSB_URL, OSB_USERNAME and OSB_PASSWORD.'
  throw new PlatformError('LOGIN_MISSING', `the login of the broker at ${address} is not kept`, next)
}

function addressOf(url: string): string {
  const { origin, prefix } = brokerAddress(url)
  return `${origin}${prefix}`
}

function isInstance({ target }: LedgerEntry): boolean {
  return target === 'instance'
}

function stepOf({ target, instance_id, binding_id }: LedgerEntry): Omit<CleanUpStep, 'error'> {
  return { kind: target, guid: binding_id ?? instance_id, name: 'osb check', outcome: 'removed' }
}

function endedChecks(folder: string): readonly { readonly mark: string; readonly path: string }[] {
  return readNames(folderOf(folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folderOf(folder), name))
    .filter((mark) => {
      const text = readFileSync(mark, 'utf8')
      // Empty: it was killed before it had written so much as its mark, and has created nothing.
      return text === '' || hasEnded(JSON.parse(text) as ProcessMark)
    })
    .map((mark) => ({ mark, path: `${mark}l` }))
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function forget(...paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true })
}
