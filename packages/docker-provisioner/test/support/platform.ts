import { setTimeout as sleep } from 'node:timers/promises'
import { type Broker, basicAuth, type OfferingDefinition, type BrokerStore, createBroker } from 'osb-server'

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

const login = { username: 'platform', password: 'platform-password' }
const pollMs = 50
const longestOperationMs = 180_000

/** The options of a broker as the tests of this package run it. */
export function testBroker(offerings: readonly OfferingDefinition[], store: BrokerStore): Broker {
  return createBroker({ offerings, store, auth: basicAuth(login), syncWindowMs: 20, onError: () => {} })
}

/** Sends requests as a platform would, and keeps all answers but those to binds, whose credentials are meant to be seen. */
export function platform(fetchBroker: (request: Request) => Promise<Response>) {
  const seen: string[] = []

  async function send(method: string, path: string, body?: unknown): Promise<Answer> {
    const request = new Request(`http://broker.invalid/v2/${path}`, {
      method,
      headers: {
        'X-Broker-API-Version': '2.17',
        Authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`,
        'Content-Type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const response = await fetchBroker(request)
    const text = await response.text()
    const isBinding = path.includes('/service_bindings/') && !path.includes('/last_operation')
    if (!isBinding || response.status >= 400) seen.push(text)
    return { status: response.status, body: JSON.parse(text === '' ? '{}' : text) as Record<string, unknown> }
  }

  /** Polls to the end of an operation. @returns its state, `gone` for a delete that the broker has forgotten */
  async function settle(resource: string): Promise<string> {
    for (const endsAt = Date.now() + longestOperationMs; ; await sleep(pollMs)) {
      const { status, body } = await send('GET', `${resource}/last_operation`)
      if (status === 410) return 'gone'
      if (body['state'] === 'succeeded' || body['state'] === 'failed') return String(body['state'])
      if (Date.now() > endsAt) throw new Error(`${resource} does not end: ${JSON.stringify(body)}`)
    }
  }

  /** Sends and waits for the end. @returns the state, or the status where the broker refused or answered at once */
  async function perform(method: string, path: string, body?: unknown): Promise<string> {
    const [resource = ''] = path.split('?')
    const answer = await send(method, path, body)
    return answer.status === 202 ? settle(resource) : String(answer.status)
  }

  return { send, settle, perform, seen: () => seen.join('\n') }
}
