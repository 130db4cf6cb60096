import { constants } from 'node:os'

/** What `osb` ends with. Each is documented in its help. */
export const exitCodes = {
  fine: 0,
  /** The broker refused, the operation failed, or a check found something. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** What was named is not there, or is in a state that forbids this. */
  notPossible: 3,
  /** No answer, or none to the specification. */
  noAnswer: 4,
  /** The time given was over before the operation was; it goes on. */
  outOfTime: 5,
  /** `run`: the command cannot be started. */
  cannotStart: 127,
} as const

/** What a process ends with that a signal ended. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
