import type { Loose } from './brokers/fault.js'

/** What a step sends beside the method and path. */
export interface Sending {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
}

/** Sends a request of the walk. */
export type Send = (method: string, path: string, sending?: Sending) => Promise<{ status: number; body: Loose }>

export interface Ids {
  readonly service_id: string
  readonly plan_id: string
}

export async function hostile(send: Send, good: Loose): Promise<void> {
  for (const id of ['a%20b', 'a%2Fb', 'UPPER', 'upper'])
    await send('PUT', `/v2/service_instances/${id}`, { body: good })
  for (const id of ['a', 'upper']) await send('GET', `/v2/service_instances/${id}`)
  const deep = `${'['.repeat(20)}${']'.repeat(20)}`
  for (const parameters of [deep, `{"a":"${'x'.repeat(120_000)}"}`, '{"__proto__":{"a":1}}'])
    await send('PUT', '/v2/service_instances/hostile', {
      body: JSON.stringify({ ...good, parameters: 0 }).replace('"parameters":0', `"parameters":${parameters}`),
    })
  await send('PUT', '/v2/service_instances/other', {
    body: { ...good, plan_id: '5f3c1a00-7b1e-4c1d-9a52-000000000201' },
  })
}

export async function allAtOnce(send: Send, ids: Ids): Promise<void> {
  const good = { ...ids, organization_guid: 'o', space_guid: 's' }
  const path = '/v2/service_instances/together'
  const query = new URLSearchParams({ ...ids }).toString()
  // Sorted by what comes first: the answers come in the order of the requests.
  const together = async (sends: readonly Promise<unknown>[]) => void (await Promise.all(sends))
  await together([send('PUT', path, { body: good }), send('PUT', path, { body: good })])
  await together([
    send('PUT', `${path}-2`, { body: good }),
    send('PUT', `${path}-2`, { body: { ...good, parameters: { size: 9 } } }),
  ])
  const binding = `${path}/service_bindings/b`
  await together([send('PUT', binding, { body: ids }), send('PUT', binding, { body: ids })])
  const cut = new AbortController()
  const broken = send('PUT', `${path}-3`, { body: good, signal: cut.signal }).catch(() => undefined)
  cut.abort()
  await broken
  await new Promise((resolve) => setTimeout(resolve, 80))
  await send('DELETE', `${path}-3?${query}`)
  await together([send('DELETE', `${path}?${query}`), send('DELETE', `${path}?${query}`)])
}
