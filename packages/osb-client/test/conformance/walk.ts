import { bodyOf, type Loose } from './brokers/fault.js'
import { login, type TestBroker } from './brokers/test-broker.js'
import { allAtOnce, hostile, type Ids, type Send } from './walk-astray.js'

/** What was answered, in a form that does not differ from run to run. */
type Told = readonly string[]

/**
 * A long walk through a broker, right and wrong requests of all kinds, that knows nothing of the checker. Two brokers that
 * answer alike on it tell the same.
 */
export async function walk(broker: TestBroker): Promise<Told> {
  const told: string[] = []
  const operations = new Map<string, string>()
  const renamed = (text: string, operation: string): string => {
    const name = operations.get(operation) ?? `operation-${operations.size} of ${operation.length}`
    operations.set(operation, name)
    return text.replaceAll(operation, name)
  }
  const send: Send = async (method, path, { body, headers, signal } = {}) => {
    const all = {
      'x-broker-api-version': '2.17',
      'x-broker-api-request-identity': 'walker',
      authorization: `Basic ${btoa(`${login.username}:${login.password}`)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    }
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const init = { method, headers: sent, ...(text === undefined ? {} : { body: text }), ...(signal ? { signal } : {}) }
    const response = await broker.fetch(new Request(`http://broker.test${path}`, init))
    const answer = await response.text()
    const kept = ['content-type', 'x-broker-api-request-identity', 'retry-after', 'location']
    const shown = kept.map((name) => `${name}=${response.headers.get(name)?.replace(/^\w+, .*GMT$/, 'a date')}`)
    const { operation } = bodyOf({ text: answer })
    const plain = typeof operation === 'string' && operation !== '' ? renamed(answer, operation) : answer
    told.push(`${method} ${path.split('operation=')[0]} ${response.status} ${shown.join(' ')} ${plain}`)
    return { status: response.status, body: bodyOf({ text: answer }) }
  }
  await aroundTheCatalog(send)
  const { body } = await send('GET', '/v2/catalog')
  const services = Array.isArray(body['services']) ? (body['services'] as Loose[]) : []
  for (const offering of services) await throughAnOffering(send, offering)
  const [first] = services
  if (first) await allAtOnce(send, idsOf(first))
  await broker.close()
  return told
}

const plansOf = (offering: Loose): Loose[] => (Array.isArray(offering['plans']) ? (offering['plans'] as Loose[]) : [])

const idsOf = (offering: Loose): Ids => ({
  service_id: String(offering['id']),
  plan_id: String(plansOf(offering)[0]?.['id']),
})

async function aroundTheCatalog(send: Send): Promise<void> {
  const paths = ['/v2/catalog', '/v2/service_instances/none', '/v2/service_instances/none/last_operation']
  const wrong = [undefined, 'Basic bm9ib2R5Om5vdGhpbmc=', `Basic ${btoa(`${login.username}:wrong`)}`]
  for (const authorization of wrong) {
    for (const path of paths) await send('GET', path, { headers: { authorization } })
    await send('DELETE', '/v2/service_instances/none?service_id=s&plan_id=p', { headers: { authorization } })
    await send('PUT', '/v2/service_instances/none', { headers: { authorization }, body: {} })
  }
  await send('GET', '/v2/catalog', { headers: { 'if-none-match': '"unknown"' } })
  await send('GET', '/v2/catalog?unknown=1')
  for (const version of ['2.11', '2.16', undefined])
    await send('GET', '/v2/catalog', { headers: { 'x-broker-api-version': version } })
}

/** Polls until the end, and twice more. */
async function poll(send: Send, path: string, operation: unknown, query: string): Promise<void> {
  const asked = typeof operation === 'string' ? `&operation=${encodeURIComponent(operation)}` : ''
  let after = 0
  for (let count = 0; count < 12 && after < 3; count += 1) {
    const { status, body } = await send('GET', `${path}/last_operation?${query}${asked}`)
    if (status !== 200 || body['state'] !== 'in progress') after += 1
  }
}

/** Sends, repeats, and waits for the end. */
async function settle(send: Send, method: string, path: string, query: string, body?: unknown): Promise<void> {
  const whole = method === 'DELETE' ? `${path}?${query}` : path
  const sign = whole.includes('?') ? '&' : '?'
  const sending = body === undefined ? {} : { body }
  await send(method, whole, sending)
  await send(method, `${whole}${sign}accepts_incomplete=false`, sending)
  const { status, body: answer } = await send(method, `${whole}${sign}accepts_incomplete=true`, sending)
  if (status !== 202) return
  await send('GET', path)
  await send(method, `${whole}${sign}accepts_incomplete=true`, sending)
  if (body !== undefined)
    await send(method, `${whole}${sign}accepts_incomplete=true`, { body: { ...body, parameters: { size: 9 } } })
  await poll(send, path, answer['operation'], query)
  await send('GET', path)
}

/** Requests that are wrong in one way each. */
async function wrongly(send: Send, method: string, path: string, good: Loose): Promise<void> {
  for (const field of ['service_id', 'plan_id']) await send(method, path, { body: { ...good, [field]: undefined } })
  await send(method, path, { body: '{"service_id":' })
  await send(method, path, { body: [] })
  await send(method, path, { body: good, headers: { 'content-type': 'text/plain' } })
  await send(method, `${path}?accepts_incomplete=true`, { body: { ...good, parameters: { size: 'many' } } })
  await send('GET', path)
  for (const version of ['0.0.1', '2.1.1', '2.1.1+abcdef'])
    await send(method, `${path}?accepts_incomplete=true`, {
      body: { ...good, parameters: { size: 4 }, maintenance_info: { version, description: 'told' } },
    })
  await send('GET', path)
}

async function throughAnOffering(send: Send, offering: Loose): Promise<void> {
  const ids = idsOf(offering)
  const others = plansOf(offering)
    .slice(1)
    .map((plan) => String(plan['id'])) // fmt
  const query = new URLSearchParams({ ...ids }).toString()
  const path = `/v2/service_instances/walk-${ids.service_id}`
  const good = {
    ...ids,
    organization_guid: 'o',
    space_guid: 's',
    context: { platform: 'cloudfoundry' },
    ...(ids.service_id.endsWith('700') ? {} : { parameters: { size: 3 } }),
  }
  await send('GET', path)
  await send('DELETE', `${path}?${query}&accepts_incomplete=true`)
  await send('GET', `${path}/last_operation?${query}&operation=`)
  await send('GET', `${path}/last_operation`)
  await wrongly(send, 'PUT', `${path}-wrong`, good)
  await send('DELETE', `${path}-wrong?${query}&accepts_incomplete=true`)
  await send('PUT', `${path}-x?accepts_incomplete=true`, {
    body: { ...good, extra: 1, context: { ...good.context, extra: 1 } },
  })
  await send('DELETE', `${path}-x?${query}&accepts_incomplete=true`)
  await settle(send, 'PUT', path, query, good)
  await send('GET', path)
  await send('PUT', `${path}?accepts_incomplete=true`, { body: good })
  await send('PUT', `${path}?accepts_incomplete=true`, { body: Object.fromEntries(Object.entries(good).toReversed()) })
  await send('PUT', `${path}?accepts_incomplete=true`, { body: { ...good, parameters: { size: 5 } } })
  for (const plan_id of others.slice(0, 1)) await send('PUT', path, { body: { ...good, plan_id } })
  await send('GET', path)
  if (offering['bindable'] === true) await throughBindings(send, ids, path, query)
  await throughUpdates(send, ids, others, path, query)
  await duringCreation(send, good, `${path}-early`, query)
  for (const field of ['service_id', 'plan_id']) await send('DELETE', `${path}?${field}=${ids.service_id}`)
  await settle(send, 'DELETE', path, query)
  await send('GET', path)
  await send('DELETE', `${path}?${query}`)
  await hostile(send, good)
}

async function throughBindings(send: Send, ids: Ids, path: string, query: string): Promise<void> {
  const one = `${path}/service_bindings/one`
  const good = { ...ids, bind_resource: { app_guid: 'a' }, parameters: { size: 3 } }
  await send('GET', one)
  await send('GET', `${one}/last_operation`)
  await send('GET', `${one}/last_operation?operation=`)
  await send('DELETE', `${one}?${query}&accepts_incomplete=true`)
  await wrongly(send, 'PUT', `${path}/service_bindings/wrong`, good)
  await send('DELETE', `${path}/service_bindings/wrong?${query}&accepts_incomplete=true`)
  await send('PUT', `${path}/service_bindings/x?accepts_incomplete=true`, { body: { ...good, extra: 1 } })
  await send('PUT', `${path}/service_bindings/no-app`, { body: { ...good, bind_resource: undefined } })
  await settle(send, 'PUT', one, query, good)
  await send('GET', one)
  await send('GET', one)
  await send('PUT', `${one}?accepts_incomplete=true`, { body: good })
  await send('PUT', `${one}?accepts_incomplete=true`, { body: { ...good, parameters: { size: 5 } } })
  const next = `${path}/service_bindings/next`
  await settle(send, 'PUT', next, query, { ...good, predecessor_binding_id: 'one' })
  await send('GET', one)
  await duringCreation(send, good, `${path}/service_bindings/early`, query)
  await send('PUT', `${path}/service_bindings/y?accepts_incomplete=true`, { body: good })
  await send('PUT', `${path}/service_bindings/z?accepts_incomplete=true`, { body: good })
  for (const id of ['x', 'y', 'z'])
    await send('DELETE', `${path}/service_bindings/${id}?${query}&accepts_incomplete=true`)
  for (const field of ['service_id', 'plan_id']) await send('DELETE', `${one}?${field}=${ids.service_id}`)
  for (const binding of [one, next]) await settle(send, 'DELETE', binding, query)
  await send('GET', one)
  await send('DELETE', `${one}?${query}`)
}

async function throughUpdates(send: Send, ids: Ids, others: string[], path: string, query: string): Promise<void> {
  const { service_id } = ids
  await wrongly(send, 'PATCH', path, { ...ids })
  await send('PATCH', `${path}?accepts_incomplete=true`, { body: { service_id, extra: 1 } })
  await poll(send, path, undefined, query)
  await settle(send, 'PATCH', path, query, { service_id, parameters: { size: 7 } })
  await send('GET', path)
  await settle(send, 'PATCH', path, query, { service_id, context: { platform: 'cloudfoundry', instance_name: 'new' } })
  await send('GET', path)
  for (const plan_id of [...others, 'unknown', ids.plan_id]) {
    await settle(send, 'PATCH', path, query, { service_id, plan_id })
    await poll(send, path, undefined, query)
    await send('GET', path)
  }
  await send('PATCH', `${path}?accepts_incomplete=true`, { body: { service_id, parameters: { size: 8 } } })
  await send('PATCH', `${path}?accepts_incomplete=true`, { body: { service_id, parameters: { size: 2 } } })
  await poll(send, path, undefined, query)
}

async function duringCreation(send: Send, good: Loose, path: string, query: string): Promise<void> {
  const { status, body } = await send('PUT', `${path}?accepts_incomplete=true`, { body: good })
  await send('DELETE', `${path}?${query}`)
  await send('DELETE', `${path}?${query}&accepts_incomplete=true`)
  if (status === 202) await poll(send, path, body['operation'], query)
  await poll(send, path, undefined, query)
  // What was deleted may come back.
  if (status === 202) await new Promise((resolve) => setTimeout(resolve, 120))
  await send('GET', path)
  await send('DELETE', `${path}?${query}&accepts_incomplete=true`)
}
