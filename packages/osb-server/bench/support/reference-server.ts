import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { headerNames } from 'osb-protocol'
import { answers, catalog, login } from './world.js'

const digestOf = (text: string) => createHash('sha256').update(text).digest()
const json = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }

/**
 * As little as can be done on `node:http` for the same bytes: reads the same headers, makes the same comparison of the
 * login (a digest, known for a header that was right before), parses the body and writes the answer. No routes but by
 * the look of the path, no validation.
 */
export function referenceServer(): Server {
  const catalogJson = JSON.stringify(catalog)
  const catalogLength = Buffer.byteLength(catalogJson)
  const etag = `"${digestOf(catalogJson).toString('base64').slice(0, 32)}"`
  const known = digestOf(login)
  const digests = new Map([[login, digestOf(login)]])

  function isIn(request: IncomingMessage): boolean {
    const header = request.headers.authorization ?? ''
    return timingSafeEqual(digests.get(header) ?? digestOf(header), known)
  }

  return createServer((request, response) => {
    const identity = request.headers['x-broker-api-request-identity']
    const echo = typeof identity === 'string' ? { [headerNames.requestIdentity]: identity } : {}
    if (!isIn(request)) return end(response, 401, { ...json, ...echo }, '{}')
    if (request.headers['x-broker-api-version'] === undefined) return end(response, 400, { ...json, ...echo }, '{}')
    const user = request.headers['x-broker-api-originating-identity']
    if (user !== undefined && !String(user).includes(' ')) return end(response, 400, { ...json, ...echo }, '{}')
    const { url = '', method } = request
    if (url === '/v2/catalog') {
      const cached = { ETag: etag, 'Cache-Control': 'private, no-cache', ...echo }
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304, cached).end()
      const described = { 'Content-Type': 'application/json', 'Content-Length': catalogLength, ...cached }
      return void response.writeHead(200, described).end(catalogJson)
    }
    if (method === 'GET') return end(response, 200, { ...json, ...echo }, JSON.stringify(answers.lastOperation))
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      JSON.parse(Buffer.concat(parts).toString())
      const body = url.includes('/service_bindings/') ? answers.bind : answers.provision
      end(response, 201, { ...json, ...echo }, JSON.stringify(body))
    })
  })
}

function end(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body)
}
