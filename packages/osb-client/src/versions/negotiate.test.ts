import { headerNames } from 'osb-protocol'
import { describe, expect, it } from 'vitest'
import { brokerUrl, type Scripted, scriptedFetch } from '../../test/support/scripted-fetch.js'
import { createBrokerClient } from '../create-broker-client.js'
import type { BrokerClientOptions } from '../index.js'

const refused = { status: 412, body: { description: 'use another version' } }
const catalog = { status: 200, body: { services: [] } }
const instance = { instance_id: 'i', service_id: 's', plan_id: 'p', context: { platform: 'cloudfoundry' } }

function scripted(answers: readonly Scripted[], options: Partial<BrokerClientOptions> = {}) {
  const { fetch, seen } = scriptedFetch(...answers)
  const client = createBrokerClient({ url: brokerUrl, auth: 'none', fetch, ...options })
  return { client, seen, versions: () => seen.map(({ headers }) => headers[headerNames.apiVersion]) }
}

describe('a broker that refuses the API version', () => {
  it('VER-01: gets the next lower one, and what it takes is remembered for all later calls', async () => {
    const { client, seen, versions } = scripted([refused, refused, refused, catalog, { status: 201 }])
    expect(client.apiVersion).toBe('2.17')
    expect(await client.catalog()).toMatchObject({ outcome: 'found' })
    expect(client.apiVersion).toBe('2.14')
    await client.provision({ ...instance, maintenance_info: { version: '1.0.0' } })
    expect(versions()).toEqual(['2.17', '2.16', '2.15', '2.14', '2.14'])
    expect(JSON.parse(seen[4]?.body ?? '')).not.toHaveProperty('maintenance_info')
    expect(seen[4]?.headers).not.toHaveProperty(headerNames.requestIdentity)
  })

  it('is told all versions down to minVersion, and then its 412 is the answer', async () => {
    const { client, versions } = scripted([refused, refused, refused, catalog], { minVersion: '2.15' })
    await expect(client.catalog()).rejects.toMatchObject({ code: 'BROKER_RESPONSE', status: 412 })
    expect(versions()).toEqual(['2.17', '2.16', '2.15'])
    // It may have been the proxy before it: the next call begins at the top again.
    expect(client.apiVersion).toBe('2.17')
    await client.catalog()
    expect(versions()).toEqual(['2.17', '2.16', '2.15', '2.17'])
  })

  it('is asked once when minVersion is apiVersion', async () => {
    const { client, seen } = scripted([refused], { apiVersion: '2.13', minVersion: '2.13' })
    await expect(client.catalog()).rejects.toMatchObject({ status: 412 })
    expect(seen).toHaveLength(1)
  })

  it('gets no call that its version does not have', async () => {
    const { client, seen } = scripted([refused, catalog], { apiVersion: '2.14', minVersion: '2.13' })
    await client.catalog()
    await expect(client.fetchInstance({ instance_id: 'i' })).rejects.toMatchObject({
      code: 'UNSUPPORTED_VERSION',
      apiVersion: '2.13',
      neededVersion: '2.14',
      orphanMitigation: 'none',
      message: 'fetchInstance: fetchInstance came with version 2.14, and version 2.13 is spoken with this broker',
    })
    expect(seen).toHaveLength(2)
  })

  it('ROT-03: a rotation is never sent as a plain bind', async () => {
    const { client, seen } = scripted([refused, { status: 201 }])
    const rotation = { ...instance, binding_id: 'b2', predecessor_binding_id: 'b1' }
    await expect(client.bind(rotation)).rejects.toMatchObject({ code: 'UNSUPPORTED_VERSION', neededVersion: '2.17' })
    expect(seen).toHaveLength(1)
  })

  it('T26: a version newer than ours is sent when the caller wants it', async () => {
    const { client, versions } = scripted([refused, catalog], { apiVersion: '2.18' })
    await client.catalog()
    expect(versions()).toEqual(['2.18', '2.17'])
  })
})
