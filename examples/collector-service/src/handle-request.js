const basePath = '/collector/api/v1.0/'
const maxBodyBytes = 1024 * 1024
const maxPage = 1000
const defaultPage = 100

/** An answer other than success. */
class Refusal extends Error {
  /** @param {number} status @param {string} message @param {Record<string, string>} [headers] */
  constructor(status, message, headers = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** @typedef {{ status: number, body: unknown, headers?: Record<string, string> }} Answer */
/** @typedef {Awaited<ReturnType<typeof import('./record-store.js').openRecordStore>>} RecordStore */

/**
 * @param {RecordStore} records
 * @param {(authorization: string | undefined) => Promise<boolean>} isLogin
 * @returns {import('node:http').RequestListener}
 */
export function requestHandler(records, isLogin) {
  return (request, response) => {
    void answer(records, isLogin, request)
      .catch(refused)
      .then(({ status, body, headers }) => {
        // What is left of a refused body is not read.
        const close = request.complete ? {} : { connection: 'close' }
        response.writeHead(status, { 'content-type': 'application/json', ...headers, ...close })
        response.end(`${JSON.stringify(body)}\n`)
      })
  }
}

/**
 * @param {RecordStore} records
 * @param {(authorization: string | undefined) => Promise<boolean>} isLogin
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Answer>}
 */
async function answer(records, isLogin, request) {
  const url = new URL(request.url ?? '/', 'http://service')
  if (url.pathname === '/health') return { status: 200, body: { status: 'up' } }
  if (!(await isLogin(request.headers.authorization))) {
    throw new Refusal(401, 'a valid login is needed', { 'www-authenticate': 'Basic realm="collector"' })
  }
  const path = url.pathname.startsWith(basePath) ? url.pathname.slice(basePath.length) : undefined
  if (path === '') return { status: 200, body: { service: 'collector', records: records.count() } }
  if (path === 'records' && request.method === 'POST') return add(records, await readJson(request))
  if (path === 'records' && request.method === 'GET') return list(records, url.searchParams)
  const id = /^records\/([1-9]\d{0,15})$/.exec(path ?? '')?.[1]
  if (id !== undefined && request.method === 'GET') return get(records, Number(id))
  if (path === 'records' || id !== undefined) throw new Refusal(405, 'this method is not supported here')
  throw new Refusal(404, 'there is nothing here')
}

/** @param {RecordStore} records @param {unknown} body @returns {Promise<Answer>} */
async function add(records, body) {
  const added = await records.add(Array.isArray(body) ? body : [body])
  return { status: 201, body: Array.isArray(body) ? added : added[0] }
}

/** @param {RecordStore} records @param {URLSearchParams} query @returns {Answer} */
function list(records, query) {
  const after = wholeNumber(query, 'after', 0, Number.MAX_SAFE_INTEGER)
  const limit = wholeNumber(query, 'limit', defaultPage, maxPage)
  const page = records.page(after, limit)
  const last = page.at(-1)
  const next = last && last.id < records.count() ? { next: last.id } : {}
  return { status: 200, body: { total: records.count(), records: page, ...next } }
}

/** @param {RecordStore} records @param {number} id @returns {Answer} */
function get(records, id) {
  const record = records.get(id)
  if (!record) throw new Refusal(404, 'there is no such record')
  return { status: 200, body: record }
}

/** @param {URLSearchParams} query @param {string} name @param {number} fallback @param {number} max */
function wholeNumber(query, name, fallback, max) {
  const text = query.get(name)
  if (text === null) return fallback
  const number = Number(text)
  if (!/^\d+$/.test(text) || number > max) throw new Refusal(400, `${name} must be a whole number up to ${max}`)
  return number
}

/** @param {import('node:http').IncomingMessage} request @returns {Promise<unknown>} */
async function readJson(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > maxBodyBytes) throw new Refusal(413, `a body may have ${maxBodyBytes} bytes at most`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new Refusal(400, 'the body is not JSON')
  }
}

/** @param {unknown} error @returns {Answer} */
function refused(error) {
  if (error instanceof Refusal) return { status: error.status, body: { error: error.message }, headers: error.headers }
  console.error('request failed:', error)
  return { status: 500, body: { error: 'the record could not be stored or read' } }
}
