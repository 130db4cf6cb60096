import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'

/** One thing in an archive: a text, a file of this host, or a folder. */
export type ArchiveEntry =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly file: string; readonly executable?: boolean }
  | { readonly name: string; readonly folder: true; readonly mode?: number }

/** A tar of the entries, read while it is consumed. Owner is root, times are the epoch: the same input, the same bytes. */
export function archive(entries: readonly ArchiveEntry[]): Readable {
  const tar = pack()
  addAll(tar, entries).then(
    () => tar.finalize(),
    (error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))),
  )
  return tar
}

async function addAll(tar: Pack, entries: readonly ArchiveEntry[]): Promise<void> {
  const common = { uid: 0, gid: 0, mtime: new Date(0) }
  for (const entry of entries) {
    if ('text' in entry) tar.entry({ ...common, name: entry.name, mode: 0o644 }, entry.text)
    else if ('folder' in entry) tar.entry({ ...common, name: entry.name, type: 'directory', mode: entry.mode ?? 0o755 })
    else {
      const { size } = await stat(entry.file)
      const mode = entry.executable ? 0o755 : 0o644
      await pipeline(
        createReadStream(entry.file),
        tar.entry({ ...common, name: entry.name, size, mode }, () => {}),
      )
    }
  }
}

/** Hash of names, modes and contents: 12 hexadecimal digits, good as a tag. */
export async function contentHash(entries: readonly ArchiveEntry[], ...more: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([entries.map(described), more]))
  for (const entry of entries) if ('file' in entry) await addFile(hash, entry.file)
  return hash.digest('hex').slice(0, 12)
}

/** Where a file lies on this host does not matter, what it is called inside does. */
function described(entry: ArchiveEntry): unknown {
  return 'file' in entry ? { name: entry.name, executable: entry.executable ?? false } : entry
}

async function addFile(hash: Hash, path: string): Promise<void> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer)
}
