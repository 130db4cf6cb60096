import { randomInt, randomUUID } from 'node:crypto'
import { systemClock } from '../clock.js'
import { pollingSettings } from '../polling/polling-options.js'
import { positive } from '../positive.js'
import { headOf } from './check.js'
import { choosePlans } from './choose-plans.js'
import { ConformanceError } from './conformance-error.js'
import type { ConformanceOptions } from './conformance-options.js'
import { Findings } from './findings.js'
import { checksOfAnyAnswer } from './judge-answer.js'
import type { Stage } from './open-scene.js'
import { schemaOf, validParameters } from './parameters.js'
import type { PlanUnderTest } from './plan-under-test.js'
import { wantedPlatforms } from './platforms/judge-platforms.js'
import { probes } from './probes.js'
import { openRawBroker } from './raw-broker.js'
import { isNoBroker, whyNoCatalog, workableCatalog } from './read-catalog.js'
import { toChecked } from './report-of.js'
import type { Scene } from './scene.js'
import { scenes as allScenes } from './scenes/index.js'
import { assertSelection, isSelected } from './selection.js'
import type { Sent } from './sent.js'

/** One run of the checker: what it plays, on which plans, and with what. */
export interface Run {
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
/** How many plans are checked at a time when nothing is said. */
export const defaultParallel = 4

/**
 * Reads the catalog and chooses scenes and plans; nothing is created yet.
 * @throws {ConformanceError} when the run cannot begin; {TypeError} for options that make no sense
 */
export async function openRun(options: ConformanceOptions): Promise<Run> {
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
    made: new Set(),
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
