import { open } from 'node:fs/promises'

/** @typedef {{ id: number, receivedAt: string, data: unknown }} StoredRecord */

/**
 * Records in an append-only file, one JSON text a line. A record counts once it is on disk; a last line that was torn
 * by a crash is cut off.
 * @param {string} path
 */
export async function openRecordStore(path) {
  const file = await open(path, 'a+', 0o600)
  const text = await file.readFile('utf8')
  const complete = text.slice(0, text.lastIndexOf('\n') + 1)
  if (complete.length < text.length) await file.truncate(Buffer.byteLength(complete))
  /** @type {StoredRecord[]} */
  const records = complete
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

  /** @type {Promise<unknown>} */
  let lastWrite = Promise.resolve()

  /** @param {readonly unknown[]} batch */
  const append = async (batch) => {
    const receivedAt = new Date().toISOString()
    const added = batch.map((data, index) => ({ id: records.length + index + 1, receivedAt, data }))
    await file.appendFile(added.map((record) => `${JSON.stringify(record)}\n`).join(''))
    await file.datasync()
    records.push(...added)
    return added
  }

  return {
    count: () => records.length,
    /** @param {number} id */
    get: (id) => records[id - 1],
    /** @param {number} after @param {number} limit */
    page: (after, limit) => records.slice(after, after + limit),
    /**
     * Stores records one after the other; resolves when they are on disk.
     * @param {readonly unknown[]} batch
     * @returns {Promise<StoredRecord[]>}
     */
    add(batch) {
      const write = lastWrite.then(() => append(batch))
      lastWrite = write.catch(() => {})
      return write
    },
    async close() {
      await lastWrite
      await file.close()
    },
  }
}
