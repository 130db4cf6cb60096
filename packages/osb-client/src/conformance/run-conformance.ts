import { randomInt, randomUUID } from 'node:crypto'
import { systemClock } from '../clock.js'
import { pollingSettings } from '../polling/polling-options.js'
import { positive } from '../positive.js'
import { headOf } from './check.js'
import { choosePlans } from './choose-plans.js'
import { cleanUp } from './clean-up.js'
import { ConformanceError } from './conformance-error.js'
import type { ConformanceOptions } from './conformance-options.js'
import { Created } from './created.js'
import { Findings } from './findings.js'
import { checksOfAnyAnswer } from './judge-answer.js'
import { openScene, type Stage } from './open-scene.js'
import { schemaOf, validParameters } from './parameters.js'
import type { PlanUnderTest } from './plan-under-test.js'
import { judgePlatforms, wantedPlatforms } from './platforms/judge-platforms.js'
import { probes } from './probes.js'
import { openRawBroker } from './raw-broker.js'
import { findingsWithoutCatalog, isNoBroker, whyNoCatalog, workableCatalog } from './read-catalog.js'
import { reportOf, toChecked } from './report-of.js'
import type { CheckResult, ConformanceReport, Leftover, PlatformVerdict } from './result.js'
import type { Scene } from './scene.js'
import { scenes as allScenes } from './scenes/index.js'
import { assertSelection, isSelected } from './selection.js'
import type { Sent } from './sent.js'
import { showExchange } from './show-exchange.js'
import { mergeGenerators } from './merge-generators.js'

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
  const platforms: PlatformVerdict[] = []
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
    if (!run.noCatalog) {
      const judged = await judgePlatforms(run, showOf(run.stage))
      platforms.push(...judged.verdicts)
      leftovers.push(...judged.leftovers)
    }
    for (const result of run.noCatalog ? resultsWithoutCatalog(run, run.noCatalog) : generalResults(run)) {
      results.push(result)
      yield result
    }
  } finally {
    await run.stage.broker.close()
  }
  return reportOf(run, results, platforms, leftovers, endedBy)
}

interface Run {
  readonly options: ConformanceOptions
  readonly stage: Stage
  readonly apiVersion: string
  readonly plans: readonly PlanUnderTest[]
  readonly scenes: readonly Scene[]
  /** The answer in place of the catalog, where there is none. */
  readonly noCatalog: Sent | undefined
  readonly begun: number
  readonly startedAt: string
  readonly isOver: () => string | undefined
}

const defaultTimeoutMs = 60_000
const defaultParallel = 4

async function openRun(options: ConformanceOptions): Promise<Run> {
  const { apiVersion = '2.17', clock = systemClock, auth, url, fetch, tls, proxy, signal } = options
  const timeoutMs = positive('timeoutMs', options.timeoutMs, defaultTimeoutMs)
  const seed = options.seed ?? randomInt(2 ** 31)
  const never = new AbortController().signal
  assertSelection(allHeads(), options.select)
  // Clean-up goes on when the run is aborted, so that the broker's own sender knows nothing of its signal.
  const broker = openRawBroker({ url, auth, fetch, tls, proxy, apiVersion, timeoutMs })
  const sent = await broker.send({ label: 'catalog', operation: 'catalog', method: 'GET', path: '/v2/catalog' })
  const found = workableCatalog(sent)
  if (!found && isNoBroker(sent)) {
    await broker.close()
    throw new ConformanceError('NO_CATALOG', whyNoCatalog(sent))
  }
  const catalog = found ?? { services: [] }
  const plans = choosePlans(catalog, options)
  const unknown = (found ? (options.plans ?? []) : []).filter(
    (wanted) => !plans.some(({ plan }) => plan.id === wanted || plan.name === wanted),
  )
  if (unknown.length > 0)
    throw new ConformanceError('NO_SUCH_PLAN', `the catalog has no plan ${unknown.join(', ')}; use ids or names of it`)
  const scenes = allScenes.filter((scene) => isWanted(scene, options))
  const parallel = Math.min(options.maxParallel ?? defaultParallel, plans.length)
  const visits = options.safe ? 0 : wantedPlatforms(options).length
  const instances = plans.length * (visits + scenes.reduce((sum, scene) => sum + scene.instances, 0))
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
    noCatalog: found ? undefined : sent,
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

/** Every check that there is. */
function allHeads() {
  const ids = new Set([...allScenes.flatMap(({ checks }) => checks), ...checksOfAnyAnswer])
  return [...ids].map((id) => headOf(id, probes))
}

function isWanted(scene: Scene, options: ConformanceOptions): boolean {
  if (options.safe && (scene.kind !== 'broker' || scene.writes)) return false
  if (options.probes === false && scene.checks.every((id) => id.startsWith('probe:'))) return false
  // What any answer shows is seen in all scenes.
  return [...scene.checks, ...checksOfAnyAnswer].some((id) => isSelected(headOf(id, probes), options.select))
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
  const ofBroker = scenes.filter(({ kind }) => kind === 'broker')
  for (const scene of ofBroker) if (!scene.isLast) yield await playScene(run, scene, first)
  const waiting = [...plans]
  const ofPlans = scenes.filter(({ kind }) => kind !== 'broker')
  const workers = Array.from({ length: Math.min(options.maxParallel ?? defaultParallel, plans.length) }, () =>
    (async function* (): AsyncGenerator<Played, void, void> {
      for (let plan = waiting.shift(); plan; plan = waiting.shift())
        for (const scene of ofPlans) yield await playScene(run, scene, plan)
    })(),
  )
  yield* mergeGenerators(workers)
  for (const scene of ofBroker) if (scene.isLast) yield await playScene(run, scene, first)
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

function resultsWithoutCatalog({ stage, options, apiVersion, scenes }: Run, sent: Sent): readonly CheckResult[] {
  const all = [...new Set([...scenes.flatMap(({ checks }) => checks), ...checksOfAnyAnswer, 'CAT-11', 'CAT-15'])]
  const findings = findingsWithoutCatalog(sent, all)
  return all
    .map((id) => headOf(id, probes))
    .filter((head) => isSelected(head, options.select))
    .map((head) => findings.result(head, { scene: 'catalog', plan: undefined, apiVersion }, showOf(stage)))
}

function showOf({ broker, secrets }: Stage) {
  return (sent: Sent) => showExchange(sent, broker.origin, [...broker.secrets, ...secrets])
}
