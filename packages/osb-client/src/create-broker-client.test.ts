import { MockAgent } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { brokerUrl, scriptedFetch } from '../test/support/scripted-fetch.js'
import { type BrokerClientOptions, createBrokerClient } from './index.js'

const instance = { instance_id: 'i', service_id: 's', plan_id: 'p' }
const binding = { ...instance, binding_id: 'b' }
const auth = { username: 'user', password: 'päss:word' }

describe('createBrokerClient', () => {
  const agent = new MockAgent()
  agent.disableNetConnect()
  afterEach(() => agent.assertNoPendingInterceptors())
  const client = createBrokerClient({ url: `${brokerUrl}/osb/`, auth, dispatcher: agent })
  const path = '/osb/v2/service_instances/i'

  it.each([
    ['catalog', {}, 'GET', '/osb/v2/catalog', 200, { services: [] }, 'found'],
    ['provision', instance, 'PUT', path, 201, {}, 'created'],
    ['fetchInstance', { instance_id: 'i' }, 'GET', path, 200, {}, 'found'],
    ['update', instance, 'PATCH', path, 200, {}, 'updated'],
    ['deprovision', instance, 'DELETE', `${path}?service_id=s&plan_id=p`, 200, {}, 'deleted'],
    ['lastInstanceOperation', { instance_id: 'i' }, 'GET', `${path}/last_operation`, 410, {}, 'gone'],
    ['bind', binding, 'PUT', `${path}/service_bindings/b`, 200, { credentials: {} }, 'exists'],
    ['fetchBinding', { instance_id: 'i', binding_id: 'b' }, 'GET', `${path}/service_bindings/b`, 200, {}, 'found'],
    ['unbind', binding, 'DELETE', `${path}/service_bindings/b?service_id=s&plan_id=p`, 410, {}, 'gone'],
    [
      'lastBindingOperation',
      { instance_id: 'i', binding_id: 'b', operation: 'o' },
      'GET',
      `${path}/service_bindings/b/last_operation?operation=o`,
      200,
      { state: 'succeeded' },
      'found',
    ],
  ] as const)('calls %s', async (operation, call, method, expected, status, body, outcome) => {
    agent.get(brokerUrl).intercept({ method, path: expected }).reply(status, body)
    expect(await client[operation](call as never)).toMatchObject({ outcome, body })
  })

  it('needs no arguments for the catalog, and its methods may be passed around', async () => {
    agent.get(brokerUrl).intercept({ path: '/osb/v2/catalog' }).reply(200, { services: [] })
    const { catalog } = client
    expect(await catalog()).toMatchObject({ outcome: 'found' })
  })

  it('leaves the dispatcher of the caller open when it closes', async () => {
    await client.close()
    agent.get(brokerUrl).intercept({ path: '/osb/v2/catalog' }).reply(200, { services: [] })
    expect(await client.catalog()).toMatchObject({ outcome: 'found' })
  })

  it('cannot be used after its own Agent is closed', async () => {
    const own = createBrokerClient({ url: brokerUrl, auth: 'none' })
    await own.close()
    await expect(own.catalog()).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE', orphanMitigation: 'none' })
  })
})

describe('authentication', () => {
  const authorization = async (given: BrokerClientOptions['auth']): Promise<string | undefined> => {
    const { fetch, seen } = scriptedFetch({ status: 200, body: { services: [] } })
    await createBrokerClient({ url: brokerUrl, auth: given, fetch }).catalog()
    return seen[0]?.headers['Authorization']
  }

  it('AUTH-04: basic credentials are sent unasked, in UTF-8', async () => {
    expect(await authorization(auth)).toBe(`Basic ${Buffer.from('user:päss:word').toString('base64')}`)
  })

  it('AUTH-05: a bearer token is sent unasked', async () => {
    expect(await authorization({ token: 'abc.def' })).toBe('Bearer abc.def')
  })

  it('AUTH-05: none is sent when none is agreed', async () => {
    expect(await authorization('none')).toBeUndefined()
  })
})

describe('options', () => {
  const valid = { url: brokerUrl, auth }

  it('VER-01: sends the API version of the option', async () => {
    const { fetch, seen } = scriptedFetch({ status: 200, body: { services: [] } })
    await createBrokerClient({ ...valid, fetch, apiVersion: '2.14' }).catalog()
    expect(seen[0]?.headers['X-Broker-API-Version']).toBe('2.14')
  })

  it.each([
    ['a relative URL', { url: '/broker' }, 'url must be an absolute http or https URL'],
    ['another scheme', { url: 'ftp://broker' }, 'url must be an absolute http or https URL'],
    ['a query', { url: 'http://broker/?a=b' }, 'url must have neither a query nor a fragment'],
    ['a fragment', { url: 'http://broker/#a' }, 'url must have neither a query nor a fragment'],
    ['a username with a colon', { auth: { username: 'a:b', password: 'p' } }, 'auth.username must not hold a colon'],
    ['a token with a line break', { auth: { token: 'a\r\nb' } }, 'auth.token must be one word of ASCII characters'],
    ['no auth', { auth: undefined }, "auth must be { username, password }, { token }, { headers } or 'none'"],
    [
      'half an auth',
      { auth: { username: 'a' } },
      "auth must be { username, password }, { token }, { headers } or 'none'",
    ],
    ['half a version', { apiVersion: '2' }, 'apiVersion must be MAJOR.MINOR, such as 2.17'],
    ['half a lowest version', { minVersion: '2.x' }, 'minVersion must be MAJOR.MINOR, such as 2.11'],
    [
      'a lowest version above the wanted one',
      { apiVersion: '2.13', minVersion: '2.14' },
      'minVersion must be of the same major version as apiVersion, and not above it',
    ],
    ['half a retry', { retries: 0.5 }, 'retries must be a whole number from 0 to 100'],
    ['an unknown validation', { validation: 'loose' }, 'validation must be one of strict, lenient'],
    ['an unknown policy', { orphanPolicy: 'aws' }, 'orphanPolicy must be one of spec, cf, kubernetes, never'],
    ['no time', { timeoutMs: 0 }, 'timeoutMs must be between 1 and 2147483647'],
    [
      'endless polling',
      { polling: { maximumPollingMs: Infinity } },
      'maximumPollingMs must be between 1 and 2147483647',
    ],
    [
      'two ways to send',
      { fetch: scriptedFetch().fetch, dispatcher: new MockAgent() },
      'give either dispatcher or fetch, not both',
    ],
  ])('refuses %s', (_name, wrong, message) => {
    expect(() => createBrokerClient({ ...valid, ...wrong } as BrokerClientOptions)).toThrow(new TypeError(message))
  })

  it('refuses credentials in the URL, and does not repeat them', () => {
    const make = () => createBrokerClient({ ...valid, url: 'http://admin:hunter2@broker' })
    expect(make).toThrow(/^url must not hold credentials/)
    expect(make).not.toThrow(/hunter2/)
  })
})
