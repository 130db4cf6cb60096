import { isDeepStrictEqual } from 'node:util'
import type { AuthorCall } from './author.js'
import type { Answer } from './broker-process.js'
import { type Expected, has } from './calls.js'
import { haltLate, lookAfar } from './model-processes.js'
import type { ModelState, Run } from './model-state.js'
import type { Action, Happened } from './stage.js'

/** Beyond that, whatever can still be told apart is told apart by what comes. */
const mostModels = 16

/**
 * Finds the orders of actions in which the model says what was seen.
 * @returns what the model has come to in each of them
 * @throws if there is none
 */
export function findExplanations(
  before: readonly ModelState[],
  ways: readonly (readonly Action[])[],
  live: readonly (readonly [number, AuthorCall])[],
  happened: Happened,
): readonly ModelState[] {
  const problems = new Set<string>()
  const found = new Map<string, ModelState>()
  for (const start of before)
    for (const order of ways) {
      const model = structuredClone(start)
      model.answers = {}
      for (const run of model.runs)
        if (order.some(({ ends }) => ends !== undefined && ends === run.call)) run.settled = true
      for (const { apply } of order) apply(model)
      haltLate(model)
      lookAfar(model)
      const problem = answersProblem(model, happened) ?? runsProblem(model, live, happened.tokens)
      if (problem !== undefined) problems.add(problem)
      else if (found.size < mostModels) found.set(JSON.stringify(model), model)
    }
  if (found.size === 0) throw new Error(`no order of events explains what was seen:\n${[...problems].join('\n')}`)
  happened.answers.clear()
  for (const [, { resource, token }] of live)
    happened.tokens.set(resource, Math.max(token, happened.tokens.get(resource) ?? 0))
  return [...found.values()]
}

/** All that can come of actions that meet. */
export function ordersOf(actions: readonly Action[]): readonly (readonly Action[])[] {
  // Alone, nothing can be in the middle of being written.
  if (actions.length === 1) return [actions]
  return permutations(actions).flatMap((order) => order.reduce(extended, [[]]))
}

function extended(orders: readonly (readonly Action[])[], action: Action): readonly (readonly Action[])[] {
  const { late } = action
  const ways = late ? [action, { ...action, apply: late }] : [action]
  return orders.flatMap((order) => ways.map((way) => [...order, way]))
}

function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length <= 1) return [items]
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))
}

function answersProblem(model: ModelState, { answers, left }: Happened): string | undefined {
  for (const [request, expected] of Object.entries(model.answers)) {
    const answer = answers.get(Number(request))
    if (left.has(Number(request))) continue
    if (!answer) return `request ${request} was not answered, ${textOf(expected)} was expected`
    const problem = answerProblem(model, answer, expected)
    if (problem !== undefined) return `request ${request}: ${problem}`
  }
  for (const [request, answer] of answers)
    if (!model.answers[request] && !left.has(request))
      return `request ${request} was answered: ${JSON.stringify(answer)}`
  return undefined
}

function answerProblem({ ids }: ModelState, answer: Answer, expected: Expected): string | undefined {
  const found = expected.allowed.find(({ status, body }) => answer.status === status && has(answer.body, body))
  if (!found) return `${JSON.stringify(answer)} instead of ${textOf(expected)}`
  const { operation } = found
  if (operation === undefined) return undefined
  const id = answer.body['operation']
  if (typeof id !== 'string' || id === '') return `no operation in ${JSON.stringify(answer)}`
  const known = ids[operation]
  if (known === undefined && Object.values(ids).includes(id)) return `${id} is the operation of something else`
  if (known !== undefined && known !== id) return `${id} instead of ${known}`
  ids[operation] = id
  return undefined
}

function textOf({ allowed }: Expected): string {
  return allowed.map(({ status, body = {} }) => `${status} ${JSON.stringify(body)}`).join(' or ')
}

/** Each function that runs is one that the model runs, with the input that it should have, and the other way round. */
function runsProblem(
  model: ModelState,
  live: readonly (readonly [number, AuthorCall])[],
  tokens: ReadonlyMap<string, number>,
): string | undefined {
  const unknown = new Map(live)
  for (const { call } of model.runs)
    if (call !== undefined && !unknown.delete(call)) return 'a function ended by itself'
  for (const run of model.runs.filter(({ call }) => call === undefined)) {
    const found = [...unknown].find(([, call]) => isCallOf(run, call))
    if (!found) return `${run.kind} of ${run.resource} does not run in process ${run.process}, attempt ${run.attempt}`
    const [number, call] = found
    if (!isDeepStrictEqual(known(call.input), known(run.input)))
      return `${run.kind} of ${run.resource} got ${JSON.stringify(call.input)} instead of ${JSON.stringify(run.input)}`
    if (call.token <= (tokens.get(run.resource) ?? 0)) return `the fencing token of ${run.resource} did not grow`
    unknown.delete(number)
    run.call = number
  }
  const [extra] = unknown.values()
  return extra && `${extra.kind} of ${extra.resource} runs in process ${extra.process}, attempt ${extra.attempt}`
}

function isCallOf(run: Run, call: AuthorCall): boolean {
  const { process, resource, kind, attempt } = call
  return run.process === process && run.resource === resource && run.kind === kind && run.attempt === attempt
}

function known(input: object): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}
