import { type Answer, answer, answerWhen, bodyOf, keyOf, onAnswer, onBody, onStatus } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'
import { errorFor } from './shared-faults.js'

type Poll = 'lastInstanceOperation' | 'lastBindingOperation'

interface Rows {
  readonly poll: Poll
  readonly what: string
  readonly processed: string
  readonly malformed: string
  readonly unknown: string
  readonly gone: string
  readonly state: string
  readonly date: string
  readonly forgets: string
}

const ofInstances: Rows = {
  poll: 'lastInstanceOperation',
  what: 'instance',
  processed: 'LOI-08',
  malformed: 'LOI-09',
  unknown: 'LOI-11',
  gone: 'LOI-12',
  state: 'LOI-17',
  date: 'LOI-26',
  forgets: 'LOI-28',
}

const ofBindings: Rows = {
  poll: 'lastBindingOperation',
  what: 'binding',
  processed: 'LOB-10',
  malformed: 'LOB-11',
  unknown: 'LOB-13',
  gone: 'LOB-14',
  state: 'LOB-19',
  date: 'LOB-24',
  forgets: 'LOB-26',
}

const createOf = { lastInstanceOperation: 'provision', lastBindingOperation: 'bind' } as const

const isEnd = (answered: Answer): boolean => answered.status === 200 && !answered.text.includes('in progress')

/** What a poll is answered after the first that reported the end. */
function afterEnd(poll: Poll, make: () => Answer) {
  const ended = new Set<string>()
  return onAnswer([createOf[poll], poll], (answered, call) => {
    const key = keyOf(call)
    // Another operation of the same resource begins anew.
    if (call.operation !== poll) return answered
    const asked = `${key} ${call.url.searchParams.get('operation') ?? ''}`
    if (!isEnd(answered)) return answered
    if (ended.has(asked)) return make()
    ended.add(asked)
    return answered
  })
}

const both = (rows: Rows): Mutant[] => {
  const { poll, what } = rows
  const name = (text: string) => `poll-of-${what}-${text}`
  return [
    mutant(name('202'), rows.processed, 'A poll is answered 202 while the operation runs.', () =>
      onAnswer([poll], (answered) => (answered.text.includes('in progress') ? { ...answered, status: 202 } : answered)),
    ),
    mutant(name('201'), rows.processed, 'A poll of a creation that has ended is answered 201.', () =>
      onAnswer([poll], (answered) => (answered.text.includes('succeeded') ? { ...answered, status: 201 } : answered)),
    ),
    mutant(name('204'), `${rows.processed} ${rows.state}`, 'A poll is answered 204 while the operation runs.', () =>
      onAnswer([poll], (answered) => (answered.text.includes('in progress') ? { ...answered, status: 204 } : answered)),
    ),
    mutant(name('unknown-200'), rows.unknown, `A poll of an unknown ${what} is answered 200.`, () =>
      onStatus([poll], { 404: 200 }, () => ({ state: 'succeeded' })),
    ),
    mutant(name('unknown-410'), `${rows.unknown} ${rows.gone}`, `A poll of an unknown ${what} is answered 410.`, () =>
      errorFor([poll], 404, 410),
    ),
    mutant(name('unknown-500'), rows.unknown, `A poll of an unknown ${what} is answered 500.`, () =>
      errorFor([poll], 404, 500),
    ),
    mutant(name('410-while-made'), rows.gone, `While the ${what} is being made, polls are answered 410.`, () => {
      const creating = new Set<string>()
      return onAnswer([createOf[poll], poll], (answered, call) => {
        if (call.operation !== poll) {
          if (answered.status === 202) creating.add(keyOf(call))
          return answered
        }
        const wrong = creating.delete(keyOf(call)) && answered.text.includes('in progress')
        return wrong ? answer(410) : answered
      })
    }),
    mutant(name('state-underscore'), rows.state, 'The state is `in_progress`.', () =>
      onBody([poll], (body) => (body['state'] === 'in progress' ? { ...body, state: 'in_progress' } : body)),
    ),
    mutant(name('state-capital'), rows.state, 'The state is `Succeeded`.', () =>
      onBody([poll], (body) => (body['state'] === 'succeeded' ? { ...body, state: 'Succeeded' } : body)),
    ),
    mutant(name('state-missing'), rows.state, 'There is no state.', () =>
      onBody([poll], ({ state: _state, ...body }) => ({ ...body, description: 'Wait.' })),
    ),
    mutant(name('state-pending'), rows.state, 'The state is `pending`.', () =>
      onBody([poll], (body) => (body['state'] === 'in progress' ? { ...body, state: 'pending' } : body)),
    ),
    mutant(name('retry-after-date'), rows.date, '`Retry-After` is a date.', () =>
      onAnswer([poll], (answered) => {
        const headers = new Headers(answered.headers)
        if (answered.text.includes('in progress')) headers.set('retry-after', new Date().toUTCString())
        return { ...answered, headers }
      }),
    ),
    mutant(name('forgets-404'), rows.forgets, 'The second poll after the end is answered 404.', () =>
      afterEnd(poll, () => answer(404, { description: 'There is no such operation.' })),
    ),
    mutant(name('forgets-400'), rows.forgets, 'The second poll after the end is answered 400.', () =>
      afterEnd(poll, () => answer(400, { description: 'No operation is running.' })),
    ),
    mutant(name('starts-over'), rows.forgets, 'The second poll after the end says `in progress` again.', () =>
      afterEnd(poll, () => answer(200, { state: 'in progress' })),
    ),
    mutant(name('empty-operation-accepted'), rows.malformed, 'A poll with an empty `operation` is answered 500.', () =>
      answerWhen(
        [poll],
        ({ url }) => url.searchParams.get('operation') === '',
        () => answer(500, { description: 'Oh.' }),
      ),
    ),
  ]
}

const bodies: readonly Mutant[] = [
  mutant('poll-description-empty', 'LOI-20', 'The description of a poll is empty.', () =>
    onBody(['lastInstanceOperation'], (body) => ({ ...body, description: '' })),
  ),
  mutant('poll-instance-usable-in-progress', 'LOI-21', '`instance_usable` is sent while the operation runs.', () =>
    onBody(['lastInstanceOperation'], (body) =>
      body['state'] === 'in progress' ? { ...body, instance_usable: true } : body,
    ),
  ),
  mutant('poll-instance-usable-succeeded', 'LOI-21', '`instance_usable` is sent with a success.', () =>
    onBody(['lastInstanceOperation'], (body) =>
      body['state'] === 'succeeded' ? { ...body, instance_usable: true } : body,
    ),
  ),
  mutant('poll-update-repeatable-succeeded', 'LOI-22', '`update_repeatable` is sent with a success.', () =>
    onBody(['lastInstanceOperation'], (body) =>
      body['state'] === 'succeeded' ? { ...body, update_repeatable: true } : body,
    ),
  ),
  mutant('poll-update-repeatable-in-progress', 'LOI-22', '`update_repeatable` is sent while the operation runs.', () =>
    onBody(['lastInstanceOperation'], (body) =>
      body['state'] === 'in progress' ? { ...body, update_repeatable: false } : body,
    ),
  ),
  mutant('failed-operation-500', 'LOI-08', 'A poll of a creation that failed is answered 500.', () =>
    onAnswer(['lastInstanceOperation'], (answered) =>
      bodyOf(answered)['state'] === 'failed' ? answer(500, { description: 'It failed.' }) : answered,
    ),
  ),
]

/** Brokers that answer polls wrongly (LOI, LOB). */
export const lastOperationMutants: readonly Mutant[] = [...both(ofInstances), ...both(ofBindings), ...bodies]
