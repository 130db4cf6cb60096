import fc from 'fast-check'
import { errorResponse, matchPath, outcomeOf, responseSchemas } from 'osb-protocol'
import { expect, it } from 'vitest'
import type { z } from 'zod'
import type { Broker } from '../../src/wire/broker.js'
import type { WireResponse } from '../../src/wire/wire-request.js'
import { AuthorFault, fuzzedBroker } from './fuzzed-broker.js'
import { lastOperation, type RandomRequest, requests } from './random-requests.js'

const runs = Number(process.env['OSB_FUZZ_RUNS'] ?? 2_000)
const seed = Number(process.env['OSB_FUZZ_SEED'] ?? Date.now() & 0x7fffffff)
const answerWithinMs = 5_000

/** What the hook heard while one request was answered. */
interface Heard {
  readonly error: unknown
  readonly status: number | undefined
}

it(
  'random requests are answered by the protocol, and with 5xx only where an author’s function is to blame',
  { timeout: 3_600_000 },
  async () => {
    console.log(`fuzz: OSB_FUZZ_RUNS=${runs} OSB_FUZZ_SEED=${seed}`)
    let sent = 0
    const property = fc.asyncProperty(requests, async (sequence) => {
      const heard: Heard[] = []
      const broker = fuzzedBroker((error, { status }) => heard.push({ error, status }))
      try {
        let operation = 'none'
        for (const { target, ...rest } of sequence) {
          heard.length = 0
          const request = { ...rest, target: target.replace(lastOperation, operation) }
          const response = await inTime(answerTo(broker, request))
          check(request, response, heard)
          if (response.status === 202) operation = operationOf(response) ?? operation
          sent++
        }
      } finally {
        await inTime(broker.close())
      }
    })
    await fc.assert(property, { numRuns: runs, seed })
    console.log(`fuzz: ${sent} requests`)
  },
)

type TextResponse = WireResponse & { readonly body: string | undefined }

async function answerTo(broker: Broker, request: RandomRequest): Promise<TextResponse> {
  const asRequest = request.byFetch ? toRequest(request) : undefined
  if (!asRequest) {
    const { status, headers, body } = await broker.handle(toWireRequest(request))
    return { status, headers, body: typeof body === 'object' ? new TextDecoder().decode(body) : body }
  }
  const response = await broker.fetch(asRequest)
  const text = await response.text()
  const headers = Object.fromEntries(response.headers)
  return { status: response.status, headers, body: text === '' ? undefined : text }
}

/** Undefined when the web's own classes refuse it. */
function toRequest({ method, target, headers, body }: RandomRequest): Request | undefined {
  if (typeof body === 'object' && 'parsed' in body) return undefined
  try {
    const content = typeof body === 'string' ? new TextEncoder().encode(body) : body
    return new Request(`http://broker${target}`, {
      method,
      headers,
      body: (content as Uint8Array<ArrayBuffer>) ?? null,
    })
  } catch {
    return undefined
  }
}

function toWireRequest({ method, target, headers, body }: RandomRequest) {
  return {
    method,
    target,
    header: (name: string) => (Object.hasOwn(headers, name) ? headers[name] : undefined),
    readBody: async () => body ?? '',
    signal: new AbortController().signal,
  }
}

function operationOf({ body }: TextResponse): string | undefined {
  return (JSON.parse(body ?? '{}') as { operation?: string }).operation
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${answerWithinMs} ms`)), answerWithinMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function check(request: RandomRequest, { status, headers, body }: TextResponse, heard: readonly Heard[]): void {
  const known = [200, 201, 202, 304, 400, 401, 404, 405, 409, 410, 412, 413, 422]
  if (status >= 500)
    expect(heard.filter((report) => report.status === status && isAuthors(report.error))).toHaveLength(1)
  else expect(known).toContain(status)
  expect(heard.filter(({ error }) => !isAuthors(error))).toEqual([])
  expect(JSON.stringify([headers, body])).not.toContain('hunter2')
  if (request.method === 'HEAD' || status === 304) return expect(body).toBeUndefined()
  expect(new Headers(headers).get('content-type')).toBe('application/json')
  const json: unknown = JSON.parse(body ?? '')
  expect(schemaOf(request, status).safeParse(json).error).toBeUndefined()
}

/** Thrown by an author's function, or an answer of his that the protocol forbids. */
function isAuthors(error: unknown): boolean {
  return error instanceof AuthorFault || (error instanceof TypeError && error.message.includes('breaks the protocol'))
}

function schemaOf({ method, target }: RandomRequest, status: number): z.ZodType {
  if (status >= 400 && status !== 410) return errorResponse
  const path = target.split('?')[0] ?? ''
  const found = matchPath(method, path.slice(path.indexOf('/v2/')))
  // By `fetch`, the URL has been rewritten (`..`, blanks): any object will do.
  if (found.match !== 'operation') return errorResponse
  const outcome = outcomeOf(found.operation, status)
  const schemas: Readonly<Record<string, z.ZodType>> = responseSchemas[found.operation]
  return (outcome === undefined ? undefined : schemas[outcome]) ?? errorResponse
}
