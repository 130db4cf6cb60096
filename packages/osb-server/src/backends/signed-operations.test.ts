import { describe, expect, it } from 'vitest'
import { noAuth } from '../auth/no-auth.js'
import type { BrokerBackend } from '../backend.js'
import { OsbError } from '../errors.js'
import { secret } from '../secret.js'
import { createBrokerFromBackend } from '../wire/create-broker-from-backend.js'
import { catalog, send } from '../../test/support/wire.js'
import { signedOperations } from './signed-operations.js'

const key = 'a key of thirty-two characters!!'
const resource = { tenant: '', instance_id: 'i1' }
const content = { kind: 'create', request: { plan_id: 'small', size: 3 } } as const

describe('signed operations', () => {
  const operations = signedOperations({ key })

  it('PROV-15: are the same whenever and wherever they are made, whatever the order of the keys', async () => {
    const first = await operations.sign(resource, content)
    const request = { size: 3, plan_id: 'small' }
    expect(await signedOperations({ key: secret(key) }).sign(resource, { kind: 'create', request })).toBe(first)
    expect(await signedOperations({ key: new TextEncoder().encode(key) }).sign(resource, content)).toBe(first)
    expect(first).toMatch(/^create\.[\w.-]+$/)
  })

  it('carry what a poll has to know', async () => {
    const request = { plan_id: 'größer', nested: [{ b: 1, a: null }] }
    const operation = await operations.sign(resource, { kind: 'update', request })
    expect(await operations.verify(resource, operation)).toEqual({ kind: 'update', request })
  })

  it('differ by resource, kind and request', async () => {
    const all = await Promise.all([
      operations.sign(resource, content),
      operations.sign({ ...resource, instance_id: 'i2' }, content),
      operations.sign({ ...resource, tenant: 't' }, content),
      operations.sign({ ...resource, binding_id: 'b' }, content),
      operations.sign(resource, { ...content, kind: 'delete' }),
      operations.sign(resource, { ...content, request: {} }),
    ])
    expect(new Set(all.map((text) => text.split('.')[2])).size).toBe(all.length)
  })

  it('LOI-10: are refused with 400 when they are another resource’s, changed, made with another key, or not there', async () => {
    const operation = await operations.sign(resource, content)
    const [kind, request, signature] = operation.split('.') as [string, string, string]
    const other = await signedOperations({ key: key.toUpperCase() }).sign(resource, content)
    const forged = [
      `delete.${request}.${signature}`,
      `${kind}.${btoa('{}').replaceAll('=', '')}.${signature}`,
      `${kind}.${request}.`,
      `${kind}.${request}.${signature}A`,
      `${kind}.${request}.%%%`,
      `${operation}.more`,
      `constructor.${request}.${signature}`,
      other,
      '',
      undefined,
    ]
    for (const text of forged)
      await expect(operations.verify(resource, text)).rejects.toMatchObject({ status: 400, code: 'BadRequest' })
    for (const place of [
      { ...resource, instance_id: 'i2' },
      { ...resource, binding_id: 'b' },
      { ...resource, tenant: 't' },
    ])
      await expect(operations.verify(place, operation)).rejects.toMatchObject({ status: 400 })
  })

  it('PROV-32: have at most 10,000 characters', async () => {
    const sign = (length: number) =>
      operations.sign(resource, { kind: 'create', request: { text: 'x'.repeat(length) } })
    expect((await sign(7_000)).length).toBeLessThanOrEqual(10_000)
    await expect(sign(8_000)).rejects.toThrow(/10000 characters/)
  })

  it('need a key of 32 bytes', () => {
    expect(() => signedOperations({ key: 'short' })).toThrow(/32 bytes/)
    expect(() => signedOperations({ key: new Uint8Array(31) })).toThrow(/32 bytes/)
  })
})

/** What a cloud knows of its databases; the broker itself stores nothing. */
type Cloud = Map<string, { readonly plan_id: string; ready: boolean }>

/** A stateless back end: the cloud is the record of what there is, the signed operation says what is being polled. */
function statelessBackend(cloud: Cloud): BrokerBackend {
  const operations = signedOperations({ key })
  const unsupported = () => Promise.reject(OsbError.unprocessable('not supported'))
  return {
    catalog: async () => ({ outcome: 'found', body: catalog }),
    async provision({ instance_id, plan_id, accepts_incomplete }, { tenant }) {
      if (!accepts_incomplete) throw OsbError.asyncRequired()
      const database = cloud.get(instance_id) ?? { plan_id, ready: false }
      if (database.plan_id !== plan_id) throw OsbError.conflict('The id is taken by an instance of another plan.')
      cloud.set(instance_id, database)
      if (database.ready) return { outcome: 'exists', body: {} }
      const operation = await operations.sign({ tenant, instance_id }, { kind: 'create', request: { plan_id } })
      return { outcome: 'accepted', body: { operation } }
    },
    async lastInstanceOperation({ instance_id, operation }, { tenant }) {
      const { kind } = await operations.verify({ tenant, instance_id }, operation)
      const database = cloud.get(instance_id)
      if (kind === 'delete') return { outcome: 'found', body: { state: database ? 'in progress' : 'succeeded' } }
      if (!database) throw OsbError.notFound('There is no such service instance.')
      return { outcome: 'found', body: { state: database.ready ? 'succeeded' : 'in progress' } }
    },
    async deprovision({ instance_id, accepts_incomplete }, { tenant }) {
      if (!cloud.has(instance_id)) return { outcome: 'gone', body: {} }
      if (!accepts_incomplete) throw OsbError.asyncRequired()
      const operation = await operations.sign({ tenant, instance_id }, { kind: 'delete', request: {} })
      return { outcome: 'accepted', body: { operation } }
    },
    fetchInstance: unsupported,
    update: unsupported,
    bind: unsupported,
    unbind: unsupported,
    fetchBinding: unsupported,
    lastBindingOperation: unsupported,
  }
}

it('a broker without a store polls by what it signed, in any of its processes', async () => {
  const cloud: Cloud = new Map()
  const process = () => createBrokerFromBackend(statelessBackend(cloud), { auth: noAuth() })
  const path = '/v2/service_instances/i1'
  const provision = () =>
    send(process(), `PUT ${path}?accepts_incomplete=true`, { body: { service_id: 'open', plan_id: 'open-small' } })
  const first = await provision()
  expect(first.status).toBe(202)
  expect((await provision()).body).toEqual(first.body)

  const { operation } = first.body as { operation: string }
  const poll = (text: string, id = 'i1') =>
    send(process(), `GET /v2/service_instances/${id}/last_operation?operation=${text}`)
  expect((await poll(operation)).body).toEqual({ state: 'in progress' })
  expect((await poll(operation, 'i2')).status).toBe(400)
  cloud.get('i1')!.ready = true
  expect((await poll(operation)).body).toEqual({ state: 'succeeded' })
  expect((await provision()).status).toBe(200)

  const gone = await send(process(), `DELETE ${path}?accepts_incomplete=true&service_id=open&plan_id=open-small`)
  const deleted = (gone.body as { operation: string }).operation
  expect((await poll(deleted)).body).toEqual({ state: 'in progress' })
  cloud.delete('i1')
  expect((await poll(deleted)).body).toEqual({ state: 'succeeded' })
})
