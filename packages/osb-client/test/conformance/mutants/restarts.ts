import { answer, answerWhen, keyOf } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'

/** Brokers whose faults show only when they are restarted. */
export const restartMutants: readonly Mutant[] = [
  mutant(
    'state-lost-on-restart',
    'probe:restart-keeps-state',
    'What it has made is kept in memory only, and forgotten with a restart.',
    () => (call, next) => next(call),
    { isForgetful: true },
  ),
  mutant(
    'bindings-lost-on-restart',
    'probe:restart-keeps-state',
    'Bindings from before a restart are not found after it.',
    () =>
      answerWhen(
        ['fetchBinding'],
        ({ restarts: count }) => count > 0,
        () => answer(404, { description: 'There is no such binding.' }),
      ),
  ),
  mutant(
    'operations-lost-on-restart',
    'probe:restart-ends-operations',
    'Operations that ran when it was restarted are not known after it.',
    () => {
      const begun = new Map<string, number>()
      return async (call, next) => {
        const { operation, restarts: count } = call
        if (operation === 'deprovision') begun.delete(keyOf(call))
        if (operation === 'lastInstanceOperation' && (begun.get(keyOf(call)) ?? count) < count)
          return answer(400, { description: 'No operation runs.' })
        const answered = await next(call)
        if (operation === 'provision' && answered.status === 202) begun.set(keyOf(call), count)
        return answered
      }
    },
  ),
  mutant(
    'orphan-of-a-restart',
    'probe:restart-ends-operations',
    'What was being made when it was restarted cannot be deleted after it.',
    () => {
      const made = new Map<string, number>()
      return (call, next) => {
        const { operation, restarts: count } = call
        if (operation === 'provision' && !made.has(keyOf(call))) made.set(keyOf(call), count)
        return operation === 'deprovision' && (made.get(keyOf(call)) ?? count) < count
          ? Promise.resolve(answer(500, { description: 'It is half made.' }))
          : next(call)
      }
    },
  ),
]
