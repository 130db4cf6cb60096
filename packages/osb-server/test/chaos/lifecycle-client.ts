import { setTimeout as sleep } from 'node:timers/promises'
import type { Replica } from './replica.js'

/** What a careful platform does: any replica, again after a lost answer, polls until the end. */
export interface LifecycleClient {
  /** Orders, updates, binds twice, fetches, unbinds and deletes one instance. */
  live(instance_id: string): Promise<void>
  readonly unexpected: readonly string[]
  /** How often each status was answered; `none` counts requests that were never answered. */
  readonly answers: Readonly<Record<string, number>>
}

const body = { service_id: 'service', plan_id: 'plan', organization_guid: 'o', space_guid: 's' }

export function lifecycleClient(replicas: readonly Replica[], signal: AbortSignal): LifecycleClient {
  const unexpected: string[] = []
  const answers: Record<string, number> = {}

  /** Sends until some replica answers. 503 says that another process goes on with the work: ask again. */
  async function send(method: string, path: string, json?: object): Promise<{ status: number; body: Answer }> {
    for (;;) {
      signal.throwIfAborted()
      const url = replicas[Math.floor(Math.random() * replicas.length)]?.url()
      const answer = url === undefined ? undefined : await request(`${url}${path}`, method, json)
      if (url !== undefined) {
        const status = answer?.status ?? 'none'
        answers[status] = (answers[status] ?? 0) + 1
      }
      if (answer && answer.status !== 503) return answer
      await sleep(20 + Math.random() * 50)
    }
  }

  async function request(url: string, method: string, json: object | undefined) {
    try {
      const response = await fetch(url, {
        method,
        headers: { 'X-Broker-API-Version': '2.17', ...(json ? { 'Content-Type': 'application/json' } : {}) },
        ...(json ? { body: JSON.stringify(json) } : {}),
        signal: AbortSignal.timeout(20_000),
      })
      return { status: response.status, body: (await response.json()) as Answer }
    } catch {
      return undefined
    }
  }

  function expectStatus(step: string, { status, body: answer }: { status: number; body: Answer }, allowed: number[]) {
    if (!allowed.includes(status)) unexpected.push(`${step}: ${status} ${JSON.stringify(answer)}`)
  }

  async function pollToEnd(step: string, resource: string, operation: string | undefined): Promise<void> {
    for (;;) {
      const query = operation === undefined ? '' : `?operation=${operation}`
      const answer = await send('GET', `${resource}/last_operation${query}`)
      if (answer.status === 410 || answer.body.state === 'succeeded') return
      if (answer.body.state !== 'in progress') {
        unexpected.push(`poll of ${step}: ${answer.status} ${JSON.stringify(answer.body)}`)
        return
      }
      await sleep(30)
    }
  }

  async function step(name: string, method: string, resource: string, done: number[], json?: object): Promise<void> {
    const ids = method === 'DELETE' ? '&service_id=service&plan_id=large' : ''
    const answer = await send(method, `${resource}?accepts_incomplete=true${ids}`, json)
    expectStatus(name, answer, [...done, 202])
    if (answer.status === 202) await pollToEnd(name, resource, answer.body.operation)
  }

  async function bindAndUnbind(instance: string, binding_id: string, host: string): Promise<void> {
    const binding = `${instance}/service_bindings/${binding_id}`
    await step('bind', 'PUT', binding, [200, 201], { service_id: 'service', plan_id: 'large' })
    const { status, body: found } = await send('GET', binding)
    expectStatus('fetch of the binding', { status, body: found }, [200])
    const { credentials } = found
    if (credentials?.username !== binding_id || credentials.host !== host)
      unexpected.push(`credentials ${JSON.stringify(credentials)} of ${binding_id}`)
    // A delete whose answer was lost is 410 when it is sent again.
    await step('unbind', 'DELETE', binding, [200, 410])
  }

  return {
    unexpected,
    answers,
    async live(instance_id) {
      const instance = `/v2/service_instances/${instance_id}`
      await step('provision', 'PUT', instance, [200, 201], body)
      expectStatus('fetch', await send('GET', instance), [200])
      await step('update', 'PATCH', instance, [200], { service_id: 'service', plan_id: 'large' })
      const host = `${instance_id}-large`
      await Promise.all(['b0', 'b1'].map((name) => bindAndUnbind(instance, `${name}-${instance_id}`, host)))
      await step('deprovision', 'DELETE', instance, [200, 410])
      expectStatus('fetch of what is gone', await send('GET', instance), [404])
    },
  }
}

interface Answer {
  readonly operation?: string
  readonly state?: string
  readonly credentials?: { readonly username?: string; readonly host?: string }
}
