import { timeoutPhaseOf } from './failure.js'
import type { BodyFault, ExchangeLimits, WireAnswer } from './transport.js'

/** The part of undici's controller of one request that is needed here. */
export interface RequestController {
  abort(reason: Error): void
}

type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Collects one answer, as undici tells it piece by piece. */
export class AnswerHandler {
  readonly #limits: ExchangeLimits
  readonly #resolve: (answer: WireAnswer) => void
  readonly #reject: (error: Error) => void
  readonly #chunks: Uint8Array[] = []
  #bytes = 0
  #status: number | undefined
  #headers: AnswerHeaders = {}

  constructor(limits: ExchangeLimits, resolve: (answer: WireAnswer) => void, reject: (error: Error) => void) {
    this.#limits = limits
    this.#resolve = resolve
    this.#reject = reject
  }

  onRequestStart(controller: RequestController): void {
    this.#limits.ending.onEnd((reason) => controller.abort(reason as Error))
  }

  onResponseStart(controller: RequestController, status: number, headers: AnswerHeaders): void {
    if (status < 200) return // Says only that an answer will come.
    this.#status = status
    this.#headers = headers
    this.#limits.onStatus(status)
    if (Number(headers['content-length']) > this.#limits.maxResponseBytes) this.#refuse(controller)
  }

  onResponseData(controller: RequestController, chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength
    if (this.#bytes > this.#limits.maxResponseBytes) this.#refuse(controller)
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#answer(readText(this.#chunks))
  }

  onResponseError(_controller: RequestController | undefined, error: Error): void {
    const isCutOff = this.#status !== undefined && !this.#limits.ending.isOver && !timeoutPhaseOf(error)
    if (isCutOff) this.#answer({ fault: 'cut off' })
    else this.#reject(error)
  }

  /** The rest of the body would have to be read to keep the connection; so it is given up. */
  #refuse(controller: RequestController): void {
    this.#answer({ fault: 'too large' })
    controller.abort(new Error('the body is too large'))
  }

  #answer(body: WireAnswer['body']): void {
    const headers = this.#headers
    this.#resolve({
      status: this.#status ?? 0,
      header(name) {
        const value = headers[name.toLowerCase()]
        return Array.isArray(value) ? value[0] : value
      },
      body,
    })
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function readText(chunks: readonly Uint8Array[]): { readonly text: string } | { readonly fault: BodyFault } {
  const [first] = chunks
  if (!first) return { text: '' }
  try {
    return { text: decoder.decode(chunks.length === 1 ? first : Buffer.concat(chunks)) }
  } catch {
    return { fault: 'not UTF-8' }
  }
}
