import { type DueBinding, memoryStore } from 'osb-server'
import { expect, it } from 'vitest'
import { type Handlers, testBroker } from '../support/test-broker.js'

const plan = { plan_id: 'plan-large' }
const past = '2020-01-01T00:00:00.0Z'
const future = '2999-01-01T00:00:00.0Z'
const binding = (name: string) => `/v2/service_instances/i/service_bindings/${name}`

/** Its bindings are due or not by their names. */
const bind: Handlers['bind'] = async ({ binding_id }) => ({
  credentials: { username: binding_id },
  metadata: { renew_before: binding_id.startsWith('due') ? past : future, expires_at: future },
})

it('ROT-06: a rotation leaves the predecessor as it was, its expiry and credentials included', async () => {
  const seen: unknown[] = []
  const made = testBroker({
    bind: async (input) => {
      seen.push(input.predecessor_binding_id)
      return bind(input)
    },
  })
  await made.provision('i', plan)
  await made.bind('i', 'due-old', plan)
  const before = await made.send('GET', binding('due-old'))
  expect((await made.bind('i', 'new', { ...plan, predecessor_binding_id: 'due-old' })).status).toBe(201)
  expect(await made.send('GET', binding('due-old'))).toMatchObject({ status: 200, body: before.body })
  expect(before.body).toMatchObject({ credentials: { username: 'due-old' }, metadata: { expires_at: future } })
  expect((await made.send('GET', binding('new'))).body).toMatchObject({ metadata: { renew_before: future } })
  expect(seen).toEqual([undefined, 'due-old'])
})

it('BMD-03, BMD-04: onBindingDue is called once for each binding whose renew_before has come', async () => {
  const store = memoryStore()
  const due: DueBinding[] = []
  const onBindingDue = (one: DueBinding) => void due.push(one)
  const options = { store, onBindingDue, dueIntervalMs: 20 }
  const made = testBroker({ bind }, options)
  testBroker({ bind }, options)
  await made.provision('i', plan)
  await made.bind('i', 'later', plan)
  await made.bind('i', 'due', { ...plan, bind_resource: { app_guid: 'app' } })
  await expect.poll(() => due).toHaveLength(1)
  expect(due).toEqual([
    {
      tenant: '',
      instance_id: 'i',
      binding_id: 'due',
      service_id: 'service',
      plan_id: 'plan-large',
      app_guid: 'app',
      renewBefore: past,
      expiresAt: future,
    },
  ])
  await made.bind('i', 'due-too', plan)
  await expect.poll(() => due).toHaveLength(2)
  expect(due.map(({ binding_id }) => binding_id)).toEqual(['due', 'due-too'])
  expect((await made.unbind('i', 'due', '?plan_id=plan-large&service_id=service')).status).toBe(400)
  expect((await made.send('DELETE', `${binding('due')}?service_id=service&plan_id=plan-large`)).status).toBe(200)
})

it('a binding that a rotation has replaced is not due any more', async () => {
  const due: string[] = []
  const store = memoryStore()
  const made = testBroker({ bind }, { store })
  await made.provision('i', plan)
  await made.bind('i', 'due-old', plan)
  await made.bind('i', 'due-new', { ...plan, predecessor_binding_id: 'due-old' })
  testBroker({}, { store, onBindingDue: ({ binding_id }) => void due.push(binding_id), dueIntervalMs: 20 })
  await expect.poll(() => due).toEqual(['due-new'])
})

it('a hook that fails is told to onError, and called again at the next look', async () => {
  const calls: string[] = []
  const errors: unknown[] = []
  const made = testBroker(
    { bind },
    {
      dueIntervalMs: 20,
      onError: (error, { operation, binding_id }) => errors.push([(error as Error).message, operation, binding_id]),
      onBindingDue: async ({ binding_id }) => {
        calls.push(binding_id)
        if (calls.length === 1) throw new Error('no mail server')
      },
    },
  )
  await made.provision('i', plan)
  await made.bind('i', 'due', plan)
  await expect.poll(() => calls).toEqual(['due', 'due'])
  expect(errors).toEqual([['no mail server', 'bind', 'due']])
})
