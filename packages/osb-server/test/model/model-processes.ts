import { type Expected, elsewhere, failure, refused } from './calls.js'
import { accepted, halt, newestRun, respond, split, successOf, takeOver } from './model-operations.js'
import type { ModelState, Resource, Waiting } from './model-state.js'

/** A process takes over whatever has lapsed. */
export function claim(model: ModelState, process: number): void {
  for (const resource of Object.values(model.resources)) {
    const { op } = resource
    if (op.state !== 'in progress' || !op.lapsed) continue
    op.lapsed = false
    for (const run of model.runs) if (run.op === op.serial) run.stale = true
    const own = newestRun(model, process, resource.name)
    op.claim = own && { process, after: own.serial }
    if (own) halt(model, own, 'lease-lost')
    else takeOver(model, process, resource)
  }
}

/** A process renews its leases, and hears of those that it has lost, and of deletes that came to others. */
export function renew(model: ModelState, process: number): void {
  for (const run of model.runs.filter((one) => one.process === process)) {
    const { op } = model.resources[run.resource] ?? {}
    if (run.stale || !op) halt(model, run, 'lease-lost')
    else {
      op.lapsed = false
      if (op.overtakenBy !== undefined) halt(model, run, 'overtaken')
    }
  }
}

/** The time is over that a request is waited for. */
export function elapse(model: ModelState, waiting: Waiting): void {
  const run = model.runs.find(({ serial }) => serial === waiting.run)
  if (!run) return
  const end = (expected: Expected) => {
    model.waiting = model.waiting.filter((other) => other !== waiting)
    respond(model, waiting.request, expected)
  }
  if (waiting.how === 'joined') return end({ allowed: [failure] })
  if (waiting.acceptsIncomplete) {
    run.answered = true
    const resource = model.resources[waiting.resource] as Resource
    return end(accepted(resource, waiting.op))
  }
  if (run.kind !== 'delete') halt(model, run, 'time-out')
  if (!model.waiting.includes(waiting)) return
  run.answered = true
  end({ allowed: [failure] })
}

/** Every plan's time limit passes. */
export function passDeadlines(model: ModelState): void {
  for (const run of model.runs.filter(({ hasDeadline }) => hasDeadline)) halt(model, run, 'deadline')
}

/** A process is gone. Who waits for it hears nothing more, unless it shut down in order. */
export function endProcess(model: ModelState, process: number, inOrder: boolean): void {
  const [mine, others] = split(model.waiting, (waiting) => waiting.process === process)
  model.waiting = others
  if (inOrder) for (const { request } of mine) respond(model, request, { allowed: [elsewhere] })
  const [gone, runs] = split(model.runs, (run) => run.process === process)
  model.runs = runs
  for (const { op } of Object.values(model.resources)) {
    const held = gone.some((run) => run.op === op.serial && !run.stale) || op.claim?.process === process
    if (op.state !== 'in progress' || !held) continue
    op.lapsed = true
    op.claim = undefined
  }
}

/** What was halted ends after what came before its end. */
export function haltLate(model: ModelState): void {
  const late = model.haltedLate
  model.haltedLate = []
  for (const serial of late)
    halt(
      model,
      model.runs.find((run) => run.serial === serial),
      'overtaken',
    )
}

/** Those who wait for what runs in another process see in the store how it ended. */
export function lookAfar(model: ModelState): void {
  const [afar, others] = split(model.waiting, ({ how }) => how === 'afar')
  model.waiting = others
  for (const waiting of afar) {
    const resource = model.resources[waiting.resource]
    const op = resource?.op.serial === waiting.op ? resource.op : undefined
    if (op?.state === 'in progress') model.waiting.push(waiting)
    else respond(model, waiting.request, resource && op ? afarAnswer(resource, waiting) : { allowed: [failure] })
  }
}

function afarAnswer(resource: Resource, waiting: Waiting): Expected {
  if (resource.op.state === 'succeeded') return successOf(resource, waiting)
  return { allowed: [resource.op.refused === true ? refused : failure] }
}
