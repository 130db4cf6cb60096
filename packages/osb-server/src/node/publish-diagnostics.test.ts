import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, describe, expect, it } from 'vitest'
import { fakeBroker, ids, instance, send } from '../../test/support/wire.js'
import { diagnosticsChannels, publishDiagnostics } from './publish-diagnostics.js'

const heard: [string, unknown][] = []
const listener = (message: unknown, name: string | symbol) => heard.push([String(name), message])
const names = Object.values(diagnosticsChannels)
afterEach(() => {
  heard.length = 0
  for (const name of names) unsubscribe(name, listener)
})

describe('publishDiagnostics', () => {
  const cause = new Error('disk is full')
  const broker = () => fakeBroker({ deprovision: () => Promise.reject(cause) }, { onError: () => {} })

  it('publishes requests, outcomes and errors under its documented names', async () => {
    for (const name of names) subscribe(name, listener)
    const published = broker()
    publishDiagnostics(published)
    await send(published, `DELETE ${instance}?${ids}`)
    const request = expect.objectContaining({ operation: 'deprovision', instance_id: 'i1' })
    expect(heard).toEqual([
      ['osb-server:request', request],
      ['osb-server:error', { error: cause, report: expect.objectContaining({ status: 500 }) }],
      ['osb-server:outcome', expect.objectContaining({ request, status: 500 })],
    ])
  })

  it('publishes nothing before it is called, nor after it is ended', async () => {
    for (const name of names) subscribe(name, listener)
    const published = broker()
    await send(published, 'GET /v2/catalog')
    const end = publishDiagnostics(published)
    end()
    await send(published, 'GET /v2/catalog')
    expect(heard).toEqual([])
  })

  it('does no harm while nobody subscribes', async () => {
    const published = broker()
    publishDiagnostics(published)
    expect((await send(published, `DELETE ${instance}?${ids}`)).status).toBe(500)
  })
})
