import { heeds, type Kind, type Outcome, type SeenInput } from './author.js'
import { type Allowed, elsewhere, type Expected, failure, one, refused } from './calls.js'
import type { ModelState, Op, Resource, Run, Waiting } from './model-state.js'

/** How an author's function ends: as the sequence says, or because it heeds its signal. */
type End = Outcome | 'halt'

function instanceOf(resource: string): string {
  return resource.split('/').slice(0, 2).join('/')
}

export function bindingsOf(model: ModelState, instance: string): Resource[] {
  return Object.values(model.resources).filter(({ name }) => name !== instance && instanceOf(name) === instance)
}

export function newOp(model: ModelState, kind: Kind, plan: string | undefined, more: Partial<Op> = {}): Op {
  const serial = ++model.serial
  return { serial, kind, state: 'in progress', attempt: 1, lapsed: false, hasDeadline: plan === 'b', ...more }
}

/** Begins the author's function of a resource's operation. */
export function beginRun(model: ModelState, process: number, resource: Resource, answered: boolean): Run {
  const { op, name } = resource
  const { kind, attempt, hasDeadline } = op
  const run: Run = {
    serial: ++model.serial,
    process,
    resource: name,
    op: op.serial,
    kind,
    attempt,
    input: inputOf(model, resource),
    hasDeadline,
    stale: false,
    answered,
  }
  model.runs.push(run)
  model.newest[place(process, name)] = run.serial
  return run
}

function inputOf(model: ModelState, { op, name, facts, state }: Resource): SeenInput {
  const instance = model.resources[instanceOf(name)]
  const isBinding = instance?.name !== name
  const parsed = { flag: false, ...facts.parameters }
  const common = { plan: facts.plan, checkpointed: op.checkpoint }
  if (isBinding && op.kind === 'create')
    return { ...common, parameters: parsed, state: instance?.state, predecessor: facts.bound?.predecessor }
  if (isBinding) return { ...common, state: instance?.state, bindingState: state }
  if (op.kind === 'create') return { ...common, parameters: parsed }
  if (op.kind === 'delete') return { ...common, state }
  const { plan = facts.plan, parameters } = op.update ?? {}
  return { ...common, plan, previousPlan: facts.plan, parameters, state }
}

function place(process: number, resource: string): string {
  return `${process} ${resource}`
}

export function newestRun(model: ModelState, process: number, resource: string): Run | undefined {
  return model.runs.find(({ serial }) => serial === model.newest[place(process, resource)])
}

export function respond(model: ModelState, request: number, expected: Expected): void {
  model.answers[request] = expected
}

function answerRun(model: ModelState, run: Run, expectedOf: (waiting: Waiting) => Expected): void {
  const [ended, others] = split(model.waiting, (waiting) => waiting.run === run.serial)
  model.waiting = others
  for (const waiting of ended) respond(model, waiting.request, expectedOf(waiting))
}

export function split<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(test), items.filter((item) => !test(item))]
}

/** The author's function is told to end; only the first reason counts. */
export function halt(model: ModelState, run: Run | undefined, why: NonNullable<Run['halted']>): void {
  if (!run || run.halted || run.settled || run.process === model.dying) return
  run.halted = why
  if (heeds(run.resource)) endRun(model, run, 'halt', '')
}

export function endRun(model: ModelState, run: Run, end: End, value: string): void {
  const resource = model.resources[run.resource] as Resource
  model.runs = model.runs.filter((other) => other !== run)
  const key = place(run.process, run.resource)
  if (model.newest[key] === run.serial) delete model.newest[key]
  if (run.stale || run.halted === 'lease-lost') answerRun(model, run, () => ({ allowed: [elsewhere] }))
  else conclude(model, resource, run, end, value)
  const { op } = model.resources[run.resource] ?? {}
  if (op?.state !== 'in progress' || op.claim?.after !== run.serial || op.claim.process !== run.process) return
  takeOver(model, run.process, resource)
}

function conclude(model: ModelState, resource: Resource, run: Run, end: End, value: string): void {
  const { op } = resource
  if (run.halted === 'shutdown' && end !== 'ok') {
    op.lapsed = true
    return answerRun(model, run, () => ({ allowed: [elsewhere] }))
  }
  const late = end === 'ok' && op.kind !== 'delete' && (run.halted === 'time-out' || run.halted === 'deadline')
  if (op.kind === 'create' && end === 'ok') resource.state = value
  if (op.overtakenBy !== undefined) return becomeDelete(model, resource, run)
  delete op.checkpoint
  // What is thrown after the function was told to end is no refusal, whatever it says.
  const refuses = end === 'refuse' && run.halted === undefined
  op.description = end === 'refuse' ? 'refused' : undefined
  op.refused = refuses
  if (end !== 'ok' || late) {
    op.state = 'failed'
    if (op.kind === 'create') failCreate(resource, refuses && !run.answered)
    return answerRun(model, run, () => ({ allowed: [refuses ? refused : failure] }))
  }
  op.state = 'succeeded'
  succeed(model, resource, value)
  answerRun(model, run, (waiting) => successOf(resource, waiting))
}

function failCreate(resource: Resource, leavesNothing: boolean): void {
  const { remains } = resource.op
  resource.phase = leavesNothing && !remains ? 'refused' : 'failed'
  if (leavesNothing && remains) resource.facts = remains
  if (resource.phase === 'refused') resource.state = undefined
}

function succeed(model: ModelState, resource: Resource, value: string): void {
  const { op, facts } = resource
  if (op.kind === 'create') resource.phase = 'live'
  if (op.kind === 'update') {
    const { plan = facts.plan, parameters } = op.update ?? {}
    resource.facts = { ...facts, plan, parameters: { ...facts.parameters, ...parameters } }
    resource.dashboard = plan
    if (value !== '') resource.state = value
  }
  if (op.kind !== 'delete') return
  resource.phase = 'deleted'
  resource.state = undefined
  for (const { name } of bindingsOf(model, resource.name)) delete model.resources[name]
}

/** The create that a delete has overtaken turns into this delete, in the same process. */
function becomeDelete(model: ModelState, resource: Resource, run: Run): void {
  const { op } = resource
  answerRun(model, run, () => ({ allowed: [failure] }))
  resource.before.push(op.serial)
  resource.phase = 'failed'
  resource.op = newOp(model, 'delete', undefined, { serial: op.overtakenBy as number })
  beginRun(model, run.process, resource, true)
}

/** What those are answered who waited for an operation that succeeded. */
export function successOf({ op, ...resource }: Resource, { how }: Pick<Waiting, 'how'>): Expected {
  if (op.kind === 'create') return one(how === 'begun' ? 201 : 200, bodyOf(resource))
  return one(200, op.kind === 'update' ? bodyOf(resource) : {})
}

/** What a create or an update is answered with. */
export function bodyOf({ name, dashboard, state }: Pick<Resource, 'name' | 'dashboard' | 'state'>): Allowed['body'] {
  if (name !== instanceOf(name)) return { credentials: { user: state } }
  return { dashboard_url: dashboardUrl(name, dashboard) }
}

export function dashboardUrl(name: string, plan: string | undefined): string {
  return `https://dashboard/${name.split('/')[1]}/${plan}`
}

/** A process goes on with an operation whose lease it has just taken. */
export function takeOver(model: ModelState, process: number, resource: Resource): void {
  const { op } = resource
  if (process === model.dying) return
  Object.assign(op, { claim: undefined, lapsed: false, attempt: op.attempt + 1 })
  const run = beginRun(model, process, resource, true)
  // A create that a delete has overtaken is not begun again.
  if (op.overtakenBy !== undefined) endRun(model, run, 'halt', '')
}

/** The 202 of an operation. */
export function accepted(resource: Resource, operation: number): Expected {
  const { op, name, dashboard } = resource
  if (op.kind === 'delete' || op.serial !== operation || name !== instanceOf(name)) return one(202, {}, operation)
  const plan = op.kind === 'update' ? (op.update?.plan ?? resource.facts.plan) : dashboard
  return one(202, { dashboard_url: dashboardUrl(name, plan) }, operation)
}
