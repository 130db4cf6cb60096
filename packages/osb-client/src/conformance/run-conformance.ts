import { randomInt, randomUUID } from 'node:crypto'
import { type Catalog, fits, catalog as catalogSchema } from 'osb-protocol'
import { systemClock } from '../clock.js'
import { pollingSettings } from '../polling/polling-options.js'
import { positive } from '../positive.js'
import { headOf } from './check.js'
import { choosePlans } from './choose-plans.js'
import { cleanUp } from './clean-up.js'
import type { ConformanceOptions } from './conformance-options.js'
import { Created } from './created.js'
import { Findings } from './findings.js'
import { checksOfAnyAnswer } from './judge-answer.js'
import { notVisible } from './not-visible.js'
import { openScene, type Stage } from './open-scene.js'
import { schemaOf, validParameters } from './parameters.js'
import { type PlanUnderTest, planUnderTest } from './plan-under-test.js'
import { probes } from './probes.js'
import { openRawBroker } from './raw-broker.js'
import type { CheckedPlan, CheckOutcome, CheckResult, ConformanceReport, Leftover } from './result.js'
import type { Scene } from './scene.js'
import { scenes as allScenes } from './scenes/index.js'
import { isSelected } from './selection.js'
import type { Sent } from './sent.js'
import { showExchange } from './show-exchange.js'
import { mergeGenerators } from './merge-generators.js'

/** Why a run cannot begin. `code` is stable. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError'
  constructor(
    readonly code: 'NO_CATALOG' | 'NO_SUCH_PLAN' | 'DECLINED',
    message: string,
  ) {
    super(message)
  }
}

/**
 * Checks a broker against the specification, and yields each result as it is known; the generator's return value is the
 * whole report. What the run creates is deleted, also when it is aborted.
 * @throws {ConformanceError} when the run cannot begin; {TypeError} for options that make no sense
 * @example
 * for await (const { check, outcome, found } of runConformance({ url, auth }))
 *   if (outcome === 'fail') console.log(check, found)
 */
export async function* runConformance(
  options: ConformanceOptions,
): AsyncGenerator<CheckResult, ConformanceReport, void> {
  const run = await openRun(options)
  const results: CheckResult[] = []
  const leftovers: Leftover[] = []
  let endedBy: string | undefined
  try {
    for await (const played of playAll(run)) {
      leftovers.push(...played.leftovers)
      endedBy ??= played.endedBy
      for (const result of played.results) {
        results.push(result)
        yield result
      }
    }
    for (const result of generalResults(run)) {
      results.push(result)
      yield result
    }
  } finally {
    await run.stage.broker.close()
  }
  return reportOf(run, results, leftovers, endedBy)
}

interface Run {
  readonly options: ConformanceOptions
  readonly stage: Stage
  readonly apiVersion: string
  readonly plans: readonly PlanUnderTest[]
  readonly scenes: readonly Scene[]
  readonly begun: number
  readonly startedAt: string
  readonly isOver: () => string | undefined
}

const defaultTimeoutMs = 60_000
const defaultParallel = 4

async function openRun(options: ConformanceOptions): Promise<Run> {
  const { apiVersion = '2.17', clock = systemClock, auth, url, fetch, signal } = options
  const timeoutMs = positive('timeoutMs', options.timeoutMs, defaultTimeoutMs)
  const seed = options.seed ?? randomInt(2 ** 31)
  const never = new AbortController().signal
  // Clean-up goes on when the run is aborted, so that the broker's own sender knows nothing of its signal.
  const broker = openRawBroker({ url, auth, fetch, apiVersion, timeoutMs })
  const sent = await broker.send({ label: 'catalog', operation: 'catalog', method: 'GET', path: '/v2/catalog' })
  const catalog = catalogOf(sent)
  if (!catalog) {
    await broker.close()
    throw new ConformanceError('NO_CATALOG', noCatalog(sent))
  }
  const plans = choosePlans(catalog, options)
  const unknown = (options.plans ?? []).filter(
    (wanted) => !plans.some(({ plan }) => plan.id === wanted || plan.name === wanted),
  )
  if (unknown.length > 0)
    throw new ConformanceError('NO_SUCH_PLAN', `the catalog has no plan ${unknown.join(', ')}; use ids or names of it`)
  const scenes = allScenes.filter((scene) => isWanted(scene, options))
  const parallel = Math.min(options.maxParallel ?? defaultParallel, plans.length)
  const instances = plans.length * scenes.reduce((sum, scene) => sum + scene.instances, 0)
  const createsSome = instances > 0
  if (
    createsSome &&
    options.confirm &&
    !(await options.confirm({ plans: plans.map(toChecked), instances, parallel }))
  ) {
    await broker.close()
    throw new ConformanceError('DECLINED', 'nothing was created: the run was declined')
  }
  const stage: Stage = {
    catalog,
    broker,
    clock,
    signal: signal ?? never,
    polling: pollingSettings(options.polling),
    ledger: options.ledger,
    seed,
    place: { organization_guid: randomUUID(), space_guid: randomUUID(), app_guid: randomUUID() },
    secrets: [],
    general: new Findings(),
    parametersOf: (plan, action) =>
      options.parametersOf?.(toChecked(plan), action) ?? validParameters(schemaOf(plan, action)),
  }
  const begun = performance.now()
  const { timeBudgetMs } = options
  return {
    options,
    stage,
    apiVersion,
    plans,
    scenes,
    begun,
    startedAt: new Date(clock.now()).toISOString(),
    isOver: () => {
      if (signal?.aborted) return 'the run was aborted'
      return timeBudgetMs !== undefined && performance.now() - begun > timeBudgetMs
        ? 'the time budget is used up'
        : undefined
    },
  }
}

function catalogOf({ status, json }: Sent): Catalog | undefined {
  if (status !== 200) return undefined
  if (fits(catalogSchema, json)) return json as Catalog
  // One that is wrong in places can be worked with as long as it has offerings with plans; its faults are reported.
  const { services } = (json ?? {}) as { services?: readonly { plans?: unknown; id?: unknown }[] }
  const isUsable =
    Array.isArray(services) && services.every(({ id, plans }) => typeof id === 'string' && Array.isArray(plans))
  return isUsable ? (json as Catalog) : undefined
}

function noCatalog({ status, failure }: Sent): string {
  if (status === 0) return `GET /v2/catalog: ${failure ?? 'no answer'}; is the URL right, and the broker up?`
  if (status === 401) return 'GET /v2/catalog: 401; is the login right?'
  return `GET /v2/catalog: ${status}, or no catalog in the answer; without one nothing can be checked`
}

function isWanted(scene: Scene, options: ConformanceOptions): boolean {
  if (options.safe && scene.kind !== 'broker') return false
  if (options.probes === false && scene.kind === 'probe') return false
  return scene.checks.some((id) => isSelected(headOf(id, probes), options.select))
}

interface Played {
  readonly results: readonly CheckResult[]
  readonly leftovers: readonly Leftover[]
  readonly endedBy?: string | undefined
}

/** All scenes: those of the broker first, then those of each plan, several plans at a time. */
async function* playAll(run: Run): AsyncGenerator<Played, void, void> {
  const { scenes, plans, options } = run
  const [first] = plans
  if (!first) return
  for (const scene of scenes) if (scene.kind === 'broker') yield await playScene(run, scene, first)
  const waiting = [...plans]
  const ofPlans = scenes.filter(({ kind }) => kind !== 'broker')
  const workers = Array.from({ length: Math.min(options.maxParallel ?? defaultParallel, plans.length) }, () =>
    (async function* (): AsyncGenerator<Played, void, void> {
      for (let plan = waiting.shift(); plan; plan = waiting.shift())
        for (const scene of ofPlans) yield await playScene(run, scene, plan)
    })(),
  )
  yield* mergeGenerators(workers)
}

async function playScene(run: Run, scene: Scene, plan: PlanUnderTest): Promise<Played> {
  const { stage, options } = run
  const findings = new Findings()
  const endedBy = run.isOver()
  const unfit = endedBy ?? scene.unfit?.({ catalog: stage.catalog, plan })
  const created = new Created()
  let leftovers: readonly Leftover[] = []
  if (unfit === undefined) {
    options.onProgress?.(scene.kind === 'broker' ? scene.title : `${plan.name}: ${scene.title}`)
    const context = openScene(stage, scene.name, plan, findings, created)
    try {
      await scene.play(context)
    } catch (error) {
      if (!stage.signal.aborted) throw error
    } finally {
      leftovers = await cleanUp(
        openScene(
          { ...stage, signal: new AbortController().signal },
          `${scene.name}-clean-up`,
          plan,
          new Findings(),
          created,
        ),
        created,
      )
    }
  } else for (const check of scene.checks) findings.skip(check, unfit)
  const where = {
    scene: scene.name,
    plan: scene.kind === 'broker' ? undefined : toChecked(plan),
    apiVersion: run.apiVersion,
  }
  const undeclared = findings.checks.filter((id) => !scene.checks.includes(id))
  if (undeclared.length > 0) throw new TypeError(`the scene ${scene.name} does not declare ${undeclared.join(', ')}`)
  const results = scene.checks
    .map((id) => headOf(id, probes))
    .filter((head) => isSelected(head, options.select))
    .map((head) => findings.result(head, where, showOf(stage)))
  return { results, leftovers, endedBy }
}

function generalResults({ stage, options, apiVersion }: Run): readonly CheckResult[] {
  return checksOfAnyAnswer
    .map((id) => headOf(id, probes))
    .filter((head) => isSelected(head, options.select))
    .map((head) => stage.general.result(head, { scene: 'any-answer', plan: undefined, apiVersion }, showOf(stage)))
}

function showOf({ broker, secrets }: Stage) {
  return (sent: Sent) => showExchange(sent, broker.origin, [...broker.secrets, ...secrets])
}

function toChecked({ service_id, plan_id, name }: PlanUnderTest): CheckedPlan {
  return { service_id, plan_id, name }
}

const outcomes = ['pass', 'fail', 'warning', 'note', 'not applicable'] as const

function reportOf(
  { stage, apiVersion, plans, begun, startedAt }: Run,
  results: readonly CheckResult[],
  leftovers: readonly Leftover[],
  endedBy: string | undefined,
): ConformanceReport {
  const count = (wanted: CheckOutcome) => results.filter(({ outcome }) => outcome === wanted).length
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, count(outcome)])) as ConformanceReport['counts']
  return {
    url: `${stage.broker.origin}${stage.broker.prefix}`,
    apiVersion,
    seed: stage.seed,
    startedAt,
    durationMs: Math.round(performance.now() - begun),
    requests: stage.broker.requests,
    verdict: counts.fail > 0 ? 'does not conform' : endedBy === undefined ? 'conforms' : 'incomplete',
    endedBy,
    plans: plans.map(toChecked),
    counts,
    results,
    notVisible,
    leftovers,
  }
}
