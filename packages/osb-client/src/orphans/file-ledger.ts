import { constants } from 'node:fs'
import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { LedgerEntry, OrphanLedger } from './orphan-ledger.js'

/** A ledger in a file. */
export interface FileLedger extends OrphanLedger {
  /**
   * What may be there although nobody was told: `creating`, `pending` and `orphan`. After a start these are the
   * resources to look after: go on polling (`awaitOperation`) what is `pending`, and delete (`mitigateOrphan`) the others
   * that the platform's own records do not have.
   */
  unsettled(): readonly LedgerEntry[]
  /** Ends the last write and closes the file. */
  close(): Promise<void>
}

/**
 * Opens a ledger in a file, or makes it: a line of JSON for each entry, on the disk before the request is sent. Ids are
 * in it, parameters and credentials are not. On opening, the file is rewritten without what is over. One process at a
 * time may have it open.
 * @throws {TypeError} when the file is something else
 * @throws the system's error when it cannot be read or written
 * @example
 * const ledger = await fileLedger('/var/lib/platform/orphans.jsonl')
 * const client = createBrokerClient({ url, auth, ledger })
 */
export async function fileLedger(path: string): Promise<FileLedger> {
  const entries = new Map<string, LedgerEntry>()
  for (const entry of readEntries(path, await textOf(path))) apply(entries, entry)
  await rewrite(path, [...entries.values()])
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND)
  let last: Promise<void> = Promise.resolve()
  return {
    write(entry) {
      // One after the other, so that lines do not mix and the last word stands last.
      const written = last.then(async () => {
        await writeLines(file, [entry])
        apply(entries, entry)
      })
      last = written.catch(() => {})
      return written
    },
    unsettled: () => [...entries.values()].filter(({ state }) => state !== 'created'),
    async close() {
      await last
      await file.close()
    },
  }
}

/** What is over leaves; a repeat of what was created cannot make an orphan of it. */
function apply(entries: Map<string, LedgerEntry>, entry: LedgerEntry): void {
  const key = JSON.stringify([entry.broker, entry.instance_id, entry.target === 'binding' ? entry.binding_id : null])
  if (entry.state === 'deleted') entries.delete(key)
  else if (entries.get(key)?.state === 'created') return
  else if (entry.state === 'rejected') entries.delete(key)
  else entries.set(key, entry)
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

function readEntries(path: string, text: string): LedgerEntry[] {
  // What follows the last line break was cut off by a crash, before its request was sent.
  const lines = text.split('\n').slice(0, -1)
  return lines.map((line, at) => {
    try {
      const entry = JSON.parse(line) as LedgerEntry
      if (typeof entry.state === 'string' && typeof entry.instance_id === 'string') return entry
    } catch {
      // The line may be anything; it is not repeated.
    }
    throw new TypeError(`${path}, line ${at + 1}: not an entry of a ledger`)
  })
}

async function rewrite(path: string, entries: readonly LedgerEntry[]): Promise<void> {
  const fresh = `${path}.new`
  const file = await open(fresh, 'w', 0o600)
  try {
    await writeLines(file, entries)
  } finally {
    await file.close()
  }
  await rename(fresh, path)
  await syncFolder(dirname(path))
}

/** Where folders cannot be opened (Windows), a rename is as safe as it gets. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}

async function writeLines(file: FileHandle, entries: readonly LedgerEntry[]): Promise<void> {
  await file.appendFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  await file.sync()
}
