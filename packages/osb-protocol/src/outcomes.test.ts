import { describe, expect, it } from 'vitest'
import { type OperationName, operationNames } from './operations.js'
import { outcomeOf, outcomeStatuses, statusOf } from './outcomes.js'

describe('the outcome table', () => {
  it.each([
    ['CAT-11', 'catalog', 'found', 200],
    ['CAT-10', 'catalog', 'unchanged', 304],
    ['PROV-12', 'provision', 'exists', 200],
    ['PROV-13', 'provision', 'created', 201],
    ['PROV-14', 'provision', 'accepted', 202],
    ['GETI-08', 'fetchInstance', 'found', 200],
    ['UPD-22', 'update', 'updated', 200],
    ['UPD-24', 'update', 'accepted', 202],
    ['DEP-10', 'deprovision', 'deleted', 200],
    ['DEP-11', 'deprovision', 'accepted', 202],
    ['DEP-16', 'deprovision', 'gone', 410],
    ['LOI-08', 'lastInstanceOperation', 'found', 200],
    ['LOI-13', 'lastInstanceOperation', 'gone', 410],
    ['BIND-22', 'bind', 'exists', 200],
    ['BIND-23', 'bind', 'created', 201],
    ['BIND-24', 'bind', 'accepted', 202],
    ['GETB-07', 'fetchBinding', 'found', 200],
    ['UNB-11', 'unbind', 'deleted', 200],
    ['UNB-12', 'unbind', 'accepted', 202],
    ['UNB-17', 'unbind', 'gone', 410],
    ['LOB-10', 'lastBindingOperation', 'found', 200],
    ['LOB-15', 'lastBindingOperation', 'gone', 410],
  ] as const)('%s: %s %s is %i', (_id, operation: OperationName, outcome, status) => {
    expect(statusOf(operation, outcome as never)).toBe(status)
    expect(outcomeOf(operation, status)).toBe(outcome)
  })

  it('reads every other status as no success, for every operation', () => {
    for (const operation of operationNames) {
      const known: number[] = Object.values(outcomeStatuses[operation])
      for (let status = 100; status < 600; status++)
        if (!known.includes(status)) expect(outcomeOf(operation, status)).toBeUndefined()
    }
  })
})
