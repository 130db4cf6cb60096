import { expect, it } from 'vitest'
import { RunningOperation } from './running-operation.js'
import { RunningOperations } from './running-operations.js'

const operationOn = (instance_id: string) => {
  const key = { tenant: '', instance_id }
  const operation = { id: 'o', kind: 'create', state: 'in progress', attempt: 1, startedAtMs: 0 } as const
  const secrets = { request: {}, answer: {}, operationRequest: {} }
  const record = { key, version: 1, service_id: 's', plan_id: 'p', status: 'creating', operation, secrets } as const
  return new RunningOperation(record, undefined, () => Promise.resolve(record))
}

it('finds the newest operation of a resource, and knows those before it until they have ended', () => {
  const running = new RunningOperations()
  const [first, second, other] = [operationOn('__proto__'), operationOn('__proto__'), operationOn('i')]
  for (const operation of [first, second, other]) running.add(operation)
  expect(running.find(first.key)).toBe(second)
  expect([running.size, running.all()]).toEqual([3, [other, second, first]])
  running.remove(first)
  running.remove(first)
  expect(running.find(first.key)).toBe(second)
  expect([running.size, running.all()]).toEqual([2, [other, second]])
  running.remove(second)
  expect(running.find(first.key)).toBeUndefined()
  expect([running.size, running.all()]).toEqual([1, [other]])
})
