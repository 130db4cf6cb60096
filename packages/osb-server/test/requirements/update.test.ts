import { expect, it, vi } from 'vitest'
import { OsbError } from '../../src/errors.js'
import { gate, incomplete, testBroker } from '../support/test-broker.js'

const described = { description: expect.stringMatching(/./) as unknown }
const fetched = '/v2/service_instances/i'

it('UPD-20, T37: an update without parameters keeps them', async () => {
  const update = vi.fn(async () => ({}))
  const broker = testBroker({ update })
  await broker.provision('i', { parameters: { size: 3 } })
  expect((await broker.update('i', { plan_id: 'plan-large' })).status).toBe(200)
  expect(update).toHaveBeenCalledWith(expect.objectContaining({ parameters: undefined }))
  expect((await broker.send('GET', fetched)).body).toMatchObject({ plan_id: 'plan-large', parameters: { size: 3 } })
})

it('UPD-23: an update that changes nothing is 200 without work', async () => {
  const update = vi.fn(async () => ({}))
  const broker = testBroker({ update })
  await broker.provision('i')
  expect(await broker.update('i', { plan_id: 'plan-small' })).toMatchObject({ status: 200, body: {} })
  expect(await broker.update('i')).toMatchObject({ status: 200, body: {} })
  expect(update).not.toHaveBeenCalled()
})

it('UPD-26, T03: a repeat is 202 until the update is complete', async () => {
  const work = gate()
  const broker = testBroker({
    update: async () => {
      await work.passed
      return {}
    },
  })
  await broker.provision('i')
  const change = () => broker.update('i', { parameters: { size: 2 } }, incomplete)
  const first = await change()
  expect(first.status).toBe(202)
  expect(await change()).toMatchObject({ status: 202, body: first.body })
  work.open()
  await broker.pollToEnd('i')
  expect((await change()).status).toBe(200)
})

it('UPD-28: data that is not valid is 400 with a description', async () => {
  const broker = testBroker()
  await broker.provision('i')
  for (const more of [{ parameters: { size: 'big' } }, { plan_id: 'none' }])
    expect(await broker.update('i', more)).toMatchObject({ status: 400, body: described })
})

it('UPD-29: a change that is not supported, or not possible now, is 422 with a description', async () => {
  const broker = testBroker({
    update: () => Promise.reject(OsbError.unprocessable('the data is larger than the plan', { instance_usable: true })),
  })
  await broker.provision('small')
  await broker.provision('large', { plan_id: 'plan-large' })
  expect(await broker.update('large', { plan_id: 'plan-small' })).toMatchObject({ status: 422, body: described })
  expect(await broker.update('small', { plan_id: 'plan-large' })).toMatchObject({
    status: 422,
    body: { description: 'the data is larger than the plan' },
  })
})

it('UPD-33: a conflict of maintenance versions is described', async () => {
  const broker = testBroker()
  await broker.provision('i')
  expect(await broker.update('i', { maintenance_info: { version: '0.9.0' } })).toMatchObject({
    status: 422,
    body: { error: 'MaintenanceInfoConflict', ...described },
  })
})

it.each([
  ['4xx', OsbError.unprocessable('no')],
  ['5xx', new Error('out of memory')],
])('UPD-35, A8: nothing of an update that is answered %s is applied', async (_status, error) => {
  const broker = testBroker({ update: () => Promise.reject(error) })
  await broker.provision('i', { parameters: { size: 1 }, context: { platform: 'x', name: 'old' } })
  const before = await broker.send('GET', fetched)
  const change = { plan_id: 'plan-large', parameters: { size: 2 }, context: { platform: 'x', name: 'new' } }
  expect((await broker.update('i', change)).status).toBeGreaterThanOrEqual(400)
  expect((await broker.send('GET', fetched)).body).toEqual(before.body)
})

it('UPD-42: a new dashboard_url stands in the first answer, 202 included', async () => {
  const work = gate()
  const broker = testBroker({
    dashboardUrl: ({ plan_name }) => `https://dashboard/${plan_name}`,
    update: async () => {
      await work.passed
      return {}
    },
  })
  await broker.provision('i')
  const moved = { dashboard_url: 'https://dashboard/large' }
  expect(await broker.update('i', { plan_id: 'plan-large' }, incomplete)).toMatchObject({ status: 202, body: moved })
  work.open()
  await broker.pollToEnd('i')
  expect((await broker.send('GET', fetched)).body).toMatchObject(moved)
})

it('UPD-47: metadata of the instance is answered', async () => {
  const metadata = { labels: { team: 'blue' }, attributes: { region: 'eu' } }
  const broker = testBroker({ update: async () => ({ metadata }) })
  await broker.provision('i')
  expect(await broker.update('i', { parameters: { size: 2 } })).toMatchObject({ status: 200, body: { metadata } })
  expect((await broker.send('GET', fetched)).body).toMatchObject({ metadata })
})
