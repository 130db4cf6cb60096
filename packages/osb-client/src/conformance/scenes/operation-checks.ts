import type { CallArguments } from '../../operations/write-request.js'
import type { Polled } from '../poll.js'
import type { SceneContext, Target } from '../scene-context.js'
import { bodyOf, isSuccess, type Sent, statusText } from '../sent.js'
import { expectCode } from './refusal.js'
import { reordered } from './reordered.js'

/** The rows that each change of an instance has under an ID of its own. */
export interface ChangeRows {
  /** Refused without `accepts_incomplete`, where it has to be asynchronous. */
  readonly demanded: readonly string[]
  /** The status of a synchronous success. */
  readonly done: string
  readonly doneStatus: 200 | 201
  /** 202 while it runs. */
  readonly running: string
  readonly sameOperation: string
  readonly repeated: string
}

/** The rows of the polls of a change. */
export interface PollRows {
  /** Another status than 200. */
  readonly processed: string
  /** 410 while no delete is polled. */
  readonly gone: string
  /** A date in `Retry-After`. */
  readonly date: string
  /** The end is not forgotten. */
  readonly kept: string
}

const pollsOfInstances: PollRows = { processed: 'LOI-08', gone: 'LOI-12', date: 'LOI-26', kept: 'LOI-28' }
export const pollsOfBindings: PollRows = { processed: 'LOB-10', gone: 'LOB-14', date: 'LOB-24', kept: 'LOB-26' }

/** The changes of an instance or a binding. */
type ChangeOperation = 'provision' | 'update' | 'deprovision' | 'bind' | 'unbind'

/** What any of these changes may be found wrong in. */
export const checksOfChanges = [
  'SYN-03',
  'SYN-05',
  'SYN-11',
  'SYN-13',
  'ERR-08',
  'LOI-08',
  'LOI-12',
  'LOI-26',
  'LOI-28',
] as const

export function checksOfRows({ demanded, done, running, sameOperation, repeated }: ChangeRows): readonly string[] {
  return [...demanded, done, running, sameOperation, repeated]
}

/**
 * Sends a change as one that is to be done at once: without `accepts_incomplete`, and where that is refused with `false`
 * and then with `true`.
 * @returns the answer that the change was accepted or refused with
 */
export async function sendChange(
  context: SceneContext,
  operation: ChangeOperation,
  rows: ChangeRows,
  given: CallArguments,
): Promise<Sent> {
  const { call, expectStatus } = context
  const whole = [...rows.demanded, 'SYN-11']
  const atOnce = { ...given, accepts_incomplete: undefined }
  const first = await call(operation, atOnce, { label: `${operation} without accepts_incomplete` })
  if (first.status === 202) {
    expectCode(context, whole, first, 'AsyncRequired')
    return first
  }
  if (isSuccess(first)) {
    const found = typeof first.json === 'object' && first.json !== null ? statusText(first) : 'no JSON object'
    const isRight = found === String(rows.doneStatus)
    context.expect(rows.done, isRight, `${rows.doneStatus} with a JSON object`, found, first)
    expectStatus('SYN-05', first, rows.doneStatus)
    return first
  }
  const isAsked = bodyOf(first)['error'] === 'AsyncRequired' && first.status === 422
  const asked = { ...given, accepts_incomplete: true }
  if (isAsked) {
    expectCode(context, whole, first, 'AsyncRequired')
    const denied = await call(operation, atOnce, {
      label: `${operation} with accepts_incomplete=false`,
      rawQuery: [...idsOf(operation, given), 'accepts_incomplete=false'].join('&'),
    })
    expectCode(context, whole, denied, 'AsyncRequired')
    if (isSuccess(denied)) return denied
  }
  const second = await call(operation, asked, { label: operation })
  // What is accepted with the flag only was refused for the lack of it.
  if (isSuccess(second) && !isAsked) expectCode(context, whole, first, 'AsyncRequired')
  return second
}

/** What a delete says in its query. */
function idsOf(operation: string, { service_id, plan_id }: CallArguments): readonly string[] {
  if (operation !== 'deprovision' && operation !== 'unbind') return []
  return Object.entries({ service_id, plan_id }).map(([name, id]) => `${name}=${encodeURIComponent(String(id))}`)
}

/** Asserts of a change that was accepted with 202 that its repeat joins it. */
export async function repeatWhileRunning(
  context: SceneContext,
  rows: ChangeRows,
  accepted: Sent,
  target: Target,
  given: CallArguments,
): Promise<void> {
  const { call, expect, skip } = context
  const operation = accepted.operation as ChangeOperation
  const asked = reordered({ ...given, accepts_incomplete: true })
  const repeat = await call(operation, asked, { label: `the same ${operation} while it runs` })
  const [first, again] = [accepted, repeat].map((sent) => bodyOf(sent)['operation'])
  const joined = repeat.status === 202 && first === again
  if (!joined && !(await isRunning(context, accepted, target))) {
    const reason = `the ${operation} had ended before it could be repeated`
    skip(rows.repeated, reason)
    return skip(rows.sameOperation, reason)
  }
  expect(rows.repeated, repeat.status === 202, '202, as it still runs', statusText(repeat), accepted, repeat)
  if (repeat.status !== 202) return skip(rows.sameOperation, 'the repeat was not answered 202')
  if (first === undefined && again === undefined)
    return skip(rows.sameOperation, 'the broker gives its operations no names')
  const found = again === first ? 'the same' : 'another one'
  expect(rows.sameOperation, joined, 'the operation of the first 202', found, accepted, repeat)
}

/** Polls once, and asserts of that poll. */
export async function pollOnce(context: SceneContext, accepted: Sent, target: Target): Promise<Sent> {
  const { last } = await context.poll(accepted, target, { maximumPolls: 1 })
  judgePoll(context, accepted, last)
  return last
}

/** Whether one poll says that an operation still runs. */
export async function isRunning(context: SceneContext, accepted: Sent, target: Target): Promise<boolean> {
  const last = await pollOnce(context, accepted, target)
  return last.status === 200 && bodyOf(last)['state'] === 'in progress'
}

/**
 * Asserts of a change that was answered as done that nothing runs any more: one poll, which a broker without asynchronous
 * operations need not understand.
 */
export async function expectOver(context: SceneContext, row: string, done: Sent, target: Target): Promise<void> {
  const { last } = await context.poll(done, target, { maximumPolls: 1 })
  const runs = last.status === 200 && bodyOf(last)['state'] === 'in progress'
  const found = runs ? `${statusText(done)}, though it still runs` : 'done'
  for (const check of [row, 'SYN-13', 'SYN-03'])
    context.expect(check, !runs, '202 for what is not done yet', found, done, last)
  if (runs) await context.poll(done, target)
}

/** Polls to the end, asserts of the polls, and asks once more when all is over. */
export async function pollAndJudge(context: SceneContext, accepted: Sent, target: Target): Promise<Polled> {
  const { expect, skip, poll } = context
  const polled = await poll(accepted, target)
  const { polls, state, last } = polled
  const rows = rowsOfPolls(accepted)
  for (const sent of polls) judgePoll(context, accepted, sent)
  if (isDelete(accepted)) return polled
  if (state !== 'succeeded' && state !== 'failed') {
    skip(rows.kept, 'no poll showed the end of the operation')
    return polled
  }
  const after = (await poll(accepted, target, { maximumPolls: 1 })).last
  const found = after.status === 200 ? String(bodyOf(after)['state']) : statusText(after)
  expect(rows.kept, found === state, `still "${state}" when asked once more`, found, last, after)
  return polled
}

function judgePoll({ expect }: SceneContext, accepted: Sent, sent: Sent): void {
  const { status } = sent
  const rows = rowsOfPolls(accepted)
  if (!isDelete(accepted))
    expect(rows.gone, status !== 410, 'no 410 unless a delete is polled', statusText(sent), accepted, sent)
  // What there is no operation of, has rows of its own.
  if (status !== 404 && status !== 410)
    expect(rows.processed, status === 200, '200 with the state, whatever it is', statusText(sent), accepted, sent)
  const wait = sent.header('retry-after')
  if (wait !== undefined) expect(rows.date, /^\d+$/.test(wait.trim()), 'seconds in Retry-After', wait, sent)
}

const isDelete = ({ operation }: Sent): boolean => operation === 'deprovision' || operation === 'unbind'

function rowsOfPolls({ operation }: Sent): PollRows {
  return operation === 'bind' || operation === 'unbind' ? pollsOfBindings : pollsOfInstances
}
