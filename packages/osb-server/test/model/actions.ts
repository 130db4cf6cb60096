import { type AuthorCall, offeringOf, resourceOf } from './author.js'
import { settled } from './broker-process.js'
import { type Call, one } from './calls.js'
import { fire } from './controlled-time.js'
import { claim, elapse, endProcess, passDeadlines, renew } from './model-processes.js'
import { endRun, halt, respond } from './model-operations.js'
import { arrive, isThere } from './model-requests.js'
import type { ModelState } from './model-state.js'
import type { Move, RawCall } from './sequences.js'
import { type Action, current, liveCalls, type Member, runOf, type Stage, startMember } from './stage.js'
import { toSent } from './to-sent.js'

function pick<Item>(items: readonly Item[], nth: number): Item | undefined {
  return items[nth % Math.max(1, items.length)]
}

function resolvePlan(stage: Stage, call: RawCall): Call {
  const resource = current(stage).resources[resourceOf(call.tenant, call.instance)]
  const right = isThere(resource) ? resource.facts.plan : 'a'
  if (call.op === 'update') return { ...call, service: offeringOf(right) }
  if (call.op === 'poll') {
    const known = Object.values(current(stage).ids).toReversed()
    const operation = call.polled === undefined ? undefined : pick(known, call.polled)
    return { ...call, operation }
  }
  if (call.op === 'bind' && call.predecessor === call.binding)
    return { ...resolved(call, right), predecessor: undefined }
  return resolved(call, right)
}

function requestAction(stage: Stage, member: Member, raw: RawCall): Action {
  const request = ++stage.requests
  const call = resolvePlan(stage, raw)
  const sent = toSent(call)
  const text = `request ${request} to process ${member.number}: ${JSON.stringify(call)}`
  const arrival = { request, process: member.number }
  return {
    text,
    member,
    request,
    perform() {
      const leave = new AbortController()
      stage.leaving.set(request, leave)
      void member.process
        .send(request, sent, leave.signal)
        .then((answer) => stage.happened.answers.set(request, answer))
    },
    apply: (model) => arrive(model, { ...arrival, late: false }, call),
    ...(call.op === 'fetch' || call.op === 'poll'
      ? {}
      : { late: (model: ModelState) => arrive(model, { ...arrival, late: true }, call) }),
  }
}

function finishAction(
  stage: Stage,
  number: number | undefined,
  how: Extract<Move, { do: 'finish' }>,
): Action | undefined {
  const call = stage.world.calls[number ?? -1]
  if (number === undefined || !call) return undefined
  const { outcome } = how
  const value = call.kind === 'update' && how.keepsState ? '' : `value-${number}`
  const member = stage.members.find((one) => one.number === call.process)
  return {
    text: `finish ${textOf(call)}: ${outcome} ${value}`,
    ...(member ? { member } : {}),
    ends: number,
    perform: () => call.finish(outcome, value),
    apply(model) {
      const run = runOf(model, number)
      if (run) endRun(model, run, outcome, value)
    },
  }
}

function reportAction(stage: Stage, number: number | undefined, what: 'checkpoint' | 'progress'): Action | undefined {
  const call = stage.world.calls[number ?? -1]
  if (number === undefined || !call) return undefined
  const request = ++stage.requests
  const value = `${what}-${request}`
  return {
    text: `${what} of ${textOf(call)}`,
    perform: () =>
      call[what](value).then(
        () => answerOf(stage, request, 200),
        () => answerOf(stage, request, 503),
      ),
    apply(model) {
      const run = runOf(model, number)
      const op = run && model.resources[run.resource]?.op
      respond(model, request, one(run?.stale ? 503 : 200))
      if (run?.stale) halt(model, run, 'lease-lost')
      else if (op && what === 'checkpoint') op.checkpoint = value
      else if (op) op.description = value
    },
  }
}

function lapseAction(stage: Stage, nth: number): Action | undefined {
  const held = Object.values(current(stage).resources).filter(({ op }) => op.state === 'in progress' && !op.lapsed)
  const name = pick(held, nth)?.name
  if (name === undefined) return undefined
  const [tenant = '', instance_id = '', binding_id] = name.split('/')
  return {
    text: `the lease of ${name} lapses`,
    async perform() {
      const { instance, binding } = await stage.world.store.read({ tenant, instance_id, binding_id })
      const record = binding_id === undefined ? instance : binding
      if (record?.lease) await stage.world.store.renewLease(record.key, record.lease.token, 0)
    },
    apply(state) {
      const op = state.resources[name]?.op
      if (op) op.lapsed = true
    },
  }
}

function elapseAction(stage: Stage, nth: number): Action | undefined {
  const waiting = pick(
    current(stage).waiting.filter(({ how }) => how !== 'afar'),
    nth,
  )
  if (!waiting) return undefined
  const { request } = waiting
  const ofRequest = (origin: { readonly request?: number }) => origin.request === request
  return {
    text: `request ${request} has waited long enough`,
    async perform() {
      fire('window', ofRequest)
      fire('timeout', ofRequest)
      await settled(stage.world)
      fire('grace', ofRequest)
    },
    apply(state) {
      const found = state.waiting.find((one) => one.request === request)
      if (found) elapse(state, found)
    },
  }
}

function endAction(stage: Stage, slot: number, inOrder: boolean): Action | undefined {
  const member = stage.members[slot]
  if (!member) return undefined
  return {
    text: `process ${member.number} ${inOrder ? 'shuts down' : 'is killed'}`,
    async perform() {
      if (inOrder) await member.process.close()
      else member.process.kill()
      await member.process.lapse()
      await startMember(stage, slot)
    },
    apply: (state) => endProcess(state, member.number, inOrder),
  }
}

function leaveAction(stage: Stage, nth: number): Action | undefined {
  const request = pick(current(stage).waiting, nth)?.request
  if (request === undefined) return undefined
  return {
    text: `the platform leaves request ${request}`,
    perform() {
      stage.happened.left.add(request)
      stage.leaving.get(request)?.abort()
    },
    apply: () => undefined,
  }
}

/** Who and what a move means where the sequence has got to; undefined where there is nobody that it could mean. */
export function toAction(stage: Stage, move: Move): Action | undefined {
  const member = 'slot' in move ? stage.members[move.slot] : undefined
  switch (move.do) {
    case 'request':
      return member && requestAction(stage, member, move.call)
    case 'finish':
      return finishAction(stage, pick(liveCalls(stage), move.nth), move)
    case 'claim':
      return member && simple(member, 'looks for work', claim, () => member.process.claim())
    case 'renew':
      return member && simple(member, 'renews its leases', renew, () => member.process.renew())
    case 'kill':
    case 'close':
      return endAction(stage, move.slot, move.do === 'close')
    case 'elapse':
      return elapseAction(stage, move.nth)
    case 'leave':
      return leaveAction(stage, move.nth)
    case 'lapse':
      return lapseAction(stage, move.nth)
    case 'checkpoint':
    case 'progress':
      return reportAction(stage, pick(liveCalls(stage), move.nth), move.do)
    case 'deadlines':
      return {
        text: 'deadlines pass',
        perform: () => fire('deadline', () => true),
        apply: passDeadlines,
      }
  }
}

function answerOf({ happened }: Stage, request: number, status: number): void {
  happened.answers.set(request, { status, body: {} })
}

function simple(
  member: Member,
  what: string,
  apply: (model: ModelState, process: number) => void,
  perform: () => void,
): Action {
  return { text: `process ${member.number} ${what}`, perform, apply: (model) => apply(model, member.number) }
}

function resolved<Resolved extends RawCall>(call: Resolved, right: string): Resolved {
  return 'plan' in call && call.plan === 'right' ? { ...call, plan: right } : call
}

function textOf({ kind, resource, process }: AuthorCall): string {
  return `${kind} of ${resource} in process ${process}`
}
