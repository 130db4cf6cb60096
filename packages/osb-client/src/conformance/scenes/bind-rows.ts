import type { ChangeRows, PollRows } from './operation-checks.js'

export const pollsOfBindings: PollRows = { gone: 'LOB-14', date: 'LOB-24', kept: 'LOB-26' }

export const bindRows: ChangeRows = {
  demanded: ['BIND-12', 'BIND-34'],
  done: 'BIND-23',
  doneStatus: 201,
  running: 'BIND-24',
  sameOperation: 'BIND-25',
  repeated: 'BIND-27',
}

export const unbindRows: ChangeRows = {
  demanded: ['UNB-10', 'UNB-18'],
  done: 'UNB-11',
  doneStatus: 200,
  running: 'UNB-12',
  sameOperation: 'UNB-13',
  repeated: 'UNB-14',
}
