import type { ChangeRows } from './operation-checks.js'

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
