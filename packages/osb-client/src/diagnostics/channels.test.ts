import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, it, onTestFinished } from 'vitest'
import { brokerUrl, type Scripted, scriptedFetch } from '../../test/support/scripted-fetch.js'
import { type BrokerClientOptions, clientDiagnosticsChannels, createBrokerClient } from '../index.js'
import { fakeClock } from '../testing.js'

const instance = { instance_id: 'i', service_id: 's', plan_id: 'p', parameters: { password: 'hunter2' } }

/** What is told of one call, with the name of its channel. */
async function toldOf(answers: readonly Scripted[], options: Partial<BrokerClientOptions> = {}, signal?: AbortSignal) {
  const told: [string, Record<string, unknown>][] = []
  for (const name of Object.values(clientDiagnosticsChannels)) {
    const listener = (message: unknown): void => void told.push([name, message as Record<string, unknown>])
    subscribe(name, listener)
    onTestFinished(() => void unsubscribe(name, listener))
  }
  const auth = { token: () => 'hunter3' }
  const { fetch } = scriptedFetch(...answers)
  const client = createBrokerClient({ url: brokerUrl, auth, fetch, clock: fakeClock(), ...options })
  await client.provision(instance, { requestIdentity: 'r', signal }).catch(() => {})
  return told
}

const names = (told: readonly [string, unknown][]) => told.map(([name]) => name.replace('osb-client:', ''))

it('tells begin and end of a call, and no parameters or logins', async () => {
  const told = await toldOf([{ status: 201, body: { dashboard_url: null } }])
  expect(names(told)).toEqual(['call', 'end'])
  const call = {
    operation: 'provision',
    broker: brokerUrl,
    requestIdentity: 'r',
    instance_id: 'i',
    service_id: 's',
    plan_id: 'p',
  }
  expect(told[0]?.[1]).toMatchObject(call)
  expect(told[1]?.[1]).toEqual({ call: told[0]?.[1], durationMs: expect.any(Number) as number, outcome: 'created' })
  expect(told[1]?.[1]['call']).toBe(told[0]?.[1])
  expect(JSON.stringify(told)).not.toContain('hunter')
})

it('tells why a call is sent again, and how it failed', async () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  const told = await toldOf([refused, { status: 412 }, { status: 401 }, { status: 429 }, { status: 500 }])
  expect(names(told)).toEqual(['call', 'retry', 'retry', 'retry', 'retry', 'end'])
  expect(told.slice(1, 5).map(([, { reason, apiVersion }]) => [reason, apiVersion])).toEqual([
    ['not-sent', '2.17'],
    ['version', '2.16'],
    ['token', '2.16'],
    ['unavailable', '2.16'],
  ])
  expect(told.at(-1)?.[1]).toMatchObject({ error: 'BROKER_RESPONSE', status: 500 })
})

it('tells the faults of an answer that was taken all the same, to onFindings too', async () => {
  const findings: unknown[] = []
  const options = { validation: 'lenient', onFindings: (report: unknown) => findings.push(report) } as const
  const told = await toldOf([{ status: 201, body: { dashboard_url: 7 } }], options)
  expect(names(told)).toEqual(['call', 'findings', 'end'])
  expect(told[1]?.[1]).toMatchObject({ findings: [{ pointer: '/dashboard_url', requirement: 'PROV-28' }] })
  expect(findings).toEqual([told[1]?.[1]])
})

it('tells of a call that was aborted', async () => {
  const told = await toldOf([{ status: 201 }], {}, AbortSignal.abort(new Error('enough')))
  expect(told.at(-1)?.[1]).toMatchObject({ error: 'ABORTED' })
})
