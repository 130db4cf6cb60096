import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'

const batchSize = 25
const answerMs = 10_000

/** What went wrong between the app and its service; never holds credentials. */
export class CollectorError extends Error {}

/** @typedef {{ uri: string, username: string, password: string }} Service */
/** @typedef {{ id: number, data: unknown }} StoredRecord */

/**
 * Writes records, reads them all back and compares.
 * @param {Service} service
 * @param {number} count
 */
export async function exchange(service, count) {
  const begin = Date.now()
  const run = randomUUID()
  const samples = Array.from({ length: count }, (_, index) => ({ run, index, text: `sample ${index} äöü` }))
  /** @type {StoredRecord[]} */
  const stored = []
  for (let at = 0; at < count; at += batchSize) {
    const answer = await call(service, 'records', samples.slice(at, at + batchSize))
    stored.push(.../** @type {StoredRecord[]} */ (answer))
  }
  const found = new Map((await readAll(service, (stored[0]?.id ?? 1) - 1)).map(({ id, data }) => [id, data]))
  const lost = samples.filter((sample, index) => !isDeepStrictEqual(found.get(stored[index]?.id ?? 0), sample))
  if (lost.length > 0) throw new CollectorError(`${lost.length} of ${count} records did not come back as written`)
  return { written: stored.length, milliseconds: Date.now() - begin }
}

/** @param {Service} service @param {number} after */
async function readAll(service, after) {
  /** @type {StoredRecord[]} */
  const all = []
  for (let next = /** @type {number | undefined} */ (after); next !== undefined;) {
    const answer = await call(service, `records?limit=100&after=${next}`)
    const page = /** @type {{ records: StoredRecord[], next?: number }} */ (answer)
    all.push(...page.records)
    next = page.next
  }
  return all
}

/** @param {Service} service @param {string} path @param {unknown} [body] @returns {Promise<unknown>} */
async function call({ uri, username, password }, path, body) {
  const init = {
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    signal: AbortSignal.timeout(answerMs),
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  }
  const response = await fetch(new URL(path, uri), init).catch((error) => {
    throw new CollectorError(`the service does not answer (${error.cause?.code ?? error.name})`)
  })
  if (response.status === 401) throw new CollectorError('the service refuses the login (401)')
  if (!response.ok) throw new CollectorError(`the service answers ${response.status}`)
  return response.json()
}
