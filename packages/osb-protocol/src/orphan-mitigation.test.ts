import { describe, expect, it } from 'vitest'
import { type OperationName, operationNames } from './operations.js'
import { orphanMitigation, type OrphanMitigation, type PolledKind, type RequestEnding } from './orphan-mitigation.js'

type Case = readonly [OperationName, RequestEnding, OrphanMitigation, PolledKind?]

const answered = (status: number, wellFormed = true): RequestEnding => ({ ending: 'answered', status, wellFormed })
const failed: RequestEnding = { ending: 'answered', status: 200, wellFormed: true, state: 'failed' }
const timedOut: RequestEnding = { ending: 'timed-out' }
const every = (end: RequestEnding): Case[] => operationNames.map((operation) => [operation, end, 'none'])
const otherThan = (...names: OperationName[]) => operationNames.filter((name) => !names.includes(name))
const other2xx = [203, 204, 206, 226]
const any5xx = [500, 502, 503, 504, 599]

const table: Record<string, Case[]> = {
  'ORPH-05: nothing after any 200': every(answered(200)),
  'ORPH-06: nothing after any 200 with a malformed body': every(answered(200, false)),
  'ORPH-07: the instance after a polled provision or deprovision that failed': [
    ['lastInstanceOperation', failed, 'instance', 'create'],
    ['lastInstanceOperation', failed, 'instance', 'delete'],
    ['lastInstanceOperation', failed, 'none', 'update'],
    ['lastInstanceOperation', failed, 'none'],
    ['lastInstanceOperation', { ...failed, wellFormed: false }, 'none', 'create'],
    ['lastInstanceOperation', { ...failed, state: 'in progress' }, 'none', 'create'],
  ],
  'ORPH-08: the binding after a polled bind or unbind that failed': [
    ['lastBindingOperation', failed, 'binding', 'create'],
    ['lastBindingOperation', failed, 'binding', 'delete'],
    ['lastBindingOperation', failed, 'binding'],
    ['lastBindingOperation', { ...failed, state: 'succeeded' }, 'none', 'create'],
  ],
  'ORPH-09: nothing after any 201': every(answered(201)),
  'ORPH-10: the instance after a provision with a malformed 201': [['provision', answered(201, false), 'instance']],
  'ORPH-11: the binding after a bind with a malformed 201': [['bind', answered(201, false), 'binding']],
  'ORPH-12: nothing after any 202': every(answered(202)),
  'ORPH-13: the instance after a provision with a malformed 202': [['provision', answered(202, false), 'instance']],
  'ORPH-14: the binding after a bind with a malformed 202': [
    ['bind', answered(202, false), 'binding'],
    ['update', answered(202, false), 'none'],
    ['deprovision', answered(202, false), 'none'],
  ],
  'ORPH-15: the instance after a provision or deprovision with any other 2xx': other2xx.flatMap((status): Case[] => [
    ['provision', answered(status), 'instance'],
    ['deprovision', answered(status, false), 'instance'],
  ]),
  'ORPH-16: the binding after a bind or unbind with any other 2xx': other2xx.flatMap((status): Case[] => [
    ['bind', answered(status), 'binding'],
    ['unbind', answered(status, false), 'binding'],
  ]),
  'ORPH-17: nothing after an update with any other 2xx': other2xx.map((status) => ['update', answered(status), 'none']),
  'ORPH-18: nothing after any 408': every(answered(408)),
  'ORPH-19: nothing after any other 4xx': [400, 401, 404, 409, 410, 412, 422, 429, 499].flatMap((status) =>
    every(answered(status)),
  ),
  'ORPH-20: the instance after a provision or deprovision with 5xx': any5xx.flatMap((status): Case[] => [
    ['provision', answered(status), 'instance'],
    ['deprovision', answered(status), 'instance'],
  ]),
  'ORPH-21: the binding after a bind or unbind with 5xx': any5xx.flatMap((status): Case[] => [
    ['bind', answered(status), 'binding'],
    ['unbind', answered(status), 'binding'],
  ]),
  'ORPH-22: nothing after an update, a fetch, a poll or a catalog with 5xx': any5xx.flatMap((status) =>
    otherThan('provision', 'deprovision', 'bind', 'unbind').map((name): Case => [name, answered(status), 'none']),
  ),
  'ORPH-23: the instance after a provision without an answer in time': [['provision', timedOut, 'instance']],
  'ORPH-24: the binding after a bind without an answer in time': [['bind', timedOut, 'binding']],
  'ORPH-25: nothing after any other request without an answer in time': otherThan('provision', 'bind').map((name) => [
    name,
    timedOut,
    'none',
  ]),
  'POL-05: the same as after `failed` when the time for polling is over': [
    ['lastInstanceOperation', { ending: 'out-of-time' }, 'instance', 'create'],
    ['lastInstanceOperation', { ending: 'out-of-time' }, 'instance', 'delete'],
    ['lastInstanceOperation', { ending: 'out-of-time' }, 'none', 'update'],
    ['lastBindingOperation', { ending: 'out-of-time' }, 'binding', 'create'],
    ...otherThan('lastInstanceOperation', 'lastBindingOperation').map((name): Case => [
      name,
      { ending: 'out-of-time' },
      'none',
    ]),
  ],
  'nothing where no connection was made': every({ ending: 'not-sent' }),
  'nothing after a redirect, which the table does not list': [301, 304, 307].flatMap((status) =>
    every(answered(status)),
  ),
}

describe('orphanMitigation', () => {
  it.each(Object.entries(table))('%s', (_name, cases) => {
    for (const [operation, end, expected, polled] of cases)
      expect(orphanMitigation(operation, end, polled), `${operation} ${JSON.stringify(end)}`).toBe(expected)
  })
})
