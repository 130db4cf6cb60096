import { inspect } from 'node:util'
import { MockAgent } from 'undici'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { brokerUrl, type Scripted, scriptedFetch } from '../../test/support/scripted-fetch.js'
import { createBrokerClient } from '../create-broker-client.js'
import {
  isBrokerClientError,
  isBrokerResponseError,
  isBrokerTimeoutError,
  isBrokerUnreachableError,
  isInvalidCredentialsError,
  isMalformedResponseError,
  isOperationFailedError,
} from '../index.js'

const secret = 'hunter2-very-secret'
const password = 'correct-horse'
const auth = { username: 'user', password }
const basic = Buffer.from(`user:${password}`).toString('base64')
const secrets = [secret, password, basic, '471108154711']
const call = {
  instance_id: 'i',
  binding_id: 'b',
  service_id: 's',
  plan_id: 'p',
  parameters: { admin: { password: secret }, pin: 471_108_154_711 },
}
const echo = `refused ${JSON.stringify(call)} with Authorization: Basic ${basic} (${password})`
const failed = { state: 'failed', description: echo }
const polling = { startIntervalMs: 1, maximumPollingMs: 5 }

async function failureOf(method: 'bind' | 'bindAndWait', answers: Scripted[], options: object = {}): Promise<unknown> {
  const client = createBrokerClient({
    url: brokerUrl,
    auth,
    polling,
    fetch: scriptedFetch(...answers).fetch,
    ...options,
  })
  const schema = z.object({ uri: z.string() })
  return client[method](call, { credentials: schema }).catch((error: unknown) => error)
}

const unsaid = { fetch: undefined, dispatcher: new MockAgent({ connections: 1 }) }
unsaid.dispatcher.disableNetConnect()
unsaid.dispatcher
  .get(brokerUrl)
  .intercept({ path: /.*/, method: 'PUT', headers: { never: 'sent' } })
  .reply(200)

const table = [
  [
    'BROKER_RESPONSE',
    isBrokerResponseError,
    () => failureOf('bind', [{ status: 500, body: { error: secret, description: echo, request: call } }]),
  ],
  [
    'BROKER_UNREACHABLE',
    isBrokerUnreachableError,
    () => failureOf('bind', [new Error(echo, { cause: new Error(echo) })]),
  ],
  ['BROKER_UNREACHABLE', isBrokerUnreachableError, () => failureOf('bind', [], unsaid)],
  [
    'BROKER_TIMEOUT',
    isBrokerTimeoutError,
    () => failureOf('bind', [], { fetch: () => new Promise(() => {}), timeoutMs: 20 }),
  ],
  [
    'MALFORMED_RESPONSE',
    isMalformedResponseError,
    () => failureOf('bind', [{ status: 201, body: { credentials: secret } }]),
  ],
  [
    'MALFORMED_RESPONSE',
    isMalformedResponseError,
    () => failureOf('bind', [{ status: 201, body: `${secret} ${basic}` }]),
  ],
  [
    'OPERATION_FAILED',
    isOperationFailedError,
    () => failureOf('bindAndWait', [{ status: 202 }, { status: 200, body: failed }]),
  ],
  [
    'OPERATION_FAILED',
    isOperationFailedError,
    () => failureOf('bindAndWait', [{ status: 202 }, ...Array<Scripted>(9).fill(new Error(echo))]),
  ],
  [
    'INVALID_CREDENTIALS',
    isInvalidCredentialsError,
    () => failureOf('bindAndWait', [{ status: 201, body: { credentials: { uri: [secret] } } }]),
  ],
] as const

describe.each(table)('%s (%o)', (code, guard, fail) => {
  it('has its code, its guard, and no other guard', async () => {
    const error = await fail()
    expect(error).toMatchObject({ code, name: guard.name.slice(2), operation: 'bind' })
    expect(table.filter(([, other]) => other(error)).every(([other]) => other === code)).toBe(true)
    expect(guard(error) && isBrokerClientError(error)).toBe(true)
  })

  it('holds no credentials, parameters or Authorization where a log would print them', async () => {
    const error = await fail()
    expect(error).toBeInstanceOf(Error)
    const { message, cause } = error as Error
    const printed = [
      message,
      String(error),
      JSON.stringify(error),
      inspect(error, { depth: 20 }),
      inspect(cause, { depth: 20 }),
    ]
    for (const text of printed) for (const word of secrets) expect(text).not.toContain(word)
  })

  it('is written to JSON with what a log needs', async () => {
    const json = JSON.parse(JSON.stringify(await fail())) as object
    expect(json).toMatchObject({ code, operation: 'bind', message: expect.stringMatching(/^bind: /) as unknown })
    expect(json).toHaveProperty('orphanMitigation')
    expect(json).toHaveProperty('requestIdentity')
  })
})

it('the whole answer is there for those who ask for it', async () => {
  const error = await failureOf('bind', [{ status: 422, body: { error: 'RequiresApp', 'x-id': secret } }])
  expect(isBrokerResponseError(error) && error.body).toEqual({ error: 'RequiresApp', 'x-id': secret })
})

it('the guards take nothing but errors of this client, and know those of another copy by their brand', () => {
  for (const other of [undefined, null, 'BROKER_RESPONSE', new Error('x'), { code: 'BROKER_RESPONSE' }])
    expect(isBrokerClientError(other) || isBrokerResponseError(other)).toBe(false)
  const foreign = Object.assign(new Error('x'), { [Symbol.for('osb.client.error')]: 'BROKER_RESPONSE' })
  expect(isBrokerResponseError(foreign)).toBe(true)
})
