import type { CallArguments } from '../../operations/write-request.js'
import type { SceneContext, Target } from '../scene-context.js'
import { isSuccess, type Sent, statusText } from '../sent.js'
import { bindRows } from './bind-rows.js'
import { expectConflict } from './bind-conflict.js'
import { isRunning, repeatWhileRunning } from './operation-checks.js'
import { expectCode } from './refusal.js'

export const busyBindChecks = ['BIND-33', 'BLK-02', 'BIND-30', 'GETB-08', 'ERR-08'] as const

/** What a broker says while a binding is made: to its repeat, to a conflict, to a fetch, and to another bind. */
export async function playDuringBind(
  context: SceneContext,
  accepted: Sent,
  target: Target,
  given: CallArguments,
): Promise<void> {
  await repeatWhileRunning(context, bindRows, accepted, target, given)
  const early = await fetchWhileMade(context, target)
  const asked = { ...given, accepts_incomplete: true }
  await expectConflict(context, asked, 'a bind of the same id with other parameters while it runs')
  const busy = await bindWhileMade(context, target)
  const isStillRunning = await isRunning(context, accepted, target)
  judgeEarly(context, early, isStillRunning)
  await judgeBusy(context, busy, isStillRunning)
}

async function fetchWhileMade({ call, plan }: SceneContext, target: Target): Promise<Sent | undefined> {
  return plan.traits.bindingsRetrievable
    ? call('fetchBinding', { ...target }, { label: 'a fetch while the binding is made' })
    : undefined
}

function judgeEarly({ expect, skip }: SceneContext, early: Sent | undefined, isStillRunning: boolean): void {
  if (!early) return
  if (!isStillRunning) return skip('GETB-08', 'the binding was made before it could be fetched')
  // A broker that says that it is busy does no harm: the text has no status for it (A16).
  const isRight = early.status === 404 || early.status === 422
  expect('GETB-08', isRight, '404 until the binding is made', statusText(early), early)
}

async function bindWhileMade(context: SceneContext, { instance_id }: Target) {
  const target: Target = { instance_id, binding_id: context.newId() }
  const label = 'another bind of the instance while one runs'
  return { target, sent: await context.call('bind', context.goodCall('bind', target), { label }) }
}

async function judgeBusy(
  context: SceneContext,
  { target, sent }: Awaited<ReturnType<typeof bindWhileMade>>,
  isStillRunning: boolean,
): Promise<void> {
  if (sent.status === 202) await context.poll(sent, target)
  const checks = ['BIND-33', 'BLK-02']
  if (isSuccess(sent) || !isStillRunning) {
    const reason = isSuccess(sent) ? 'binds of an instance may run side by side' : 'the bind had ended before the other'
    for (const check of checks) context.skip(check, reason)
  } else expectCode(context, checks, sent, 'ConcurrencyError')
}
