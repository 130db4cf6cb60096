import type { ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { FakeFault } from './fake-fault.js'
import type { FakeAnswer } from './fake-state.js'

const acceptedStatus = 202

/** Writes an answer as the fault has it; `closing` ends a wait. */
export async function writeAnswer(
  response: ServerResponse,
  { status, body }: FakeAnswer,
  fault: FakeFault | undefined,
  closing: AbortSignal,
): Promise<void> {
  switch (fault?.fault) {
    case undefined:
      return write(response, status, JSON.stringify(body))
    case 'slow':
      await setTimeout(fault.ms, undefined, { signal: closing })
      return write(response, status, JSON.stringify(body))
    case 'silent':
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'cut':
      return cut(response, status, JSON.stringify(body))
    case 'malformed':
      return write(response, status, fault.body ?? '<html><h1>It works!</h1></html>')
    case 'unasked-202':
      return write(response, acceptedStatus, '{}')
    case 'error':
      return write(response, fault.status, JSON.stringify(fault.body ?? {}), fault.headers)
    case 'async':
      return write(
        response,
        acceptedStatus,
        JSON.stringify({ operation: 'fake' }),
        fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter },
      )
  }
}

function write(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(text)
}

function cut(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) + 1 })
  response.write(text.slice(0, text.length / 2), () => response.socket?.destroy())
}
