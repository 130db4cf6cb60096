import { randomInt, randomUUID } from 'node:crypto'
import { systemClock } from '../clock.js'
import { pollingSettings } from '../polling/polling-options.js'
import { positive } from '../positive.js'
import { headOf } from './check.js'
import { choosePlans } from './choose-plans.js'
import { ConformanceError } from './conformance-error.js'
import type { ConformanceEstimate, ConformanceOptions } from './conformance-options.js'
import { Findings } from './findings.js'
import { checksOfAnyAnswer } from './judge-answer.js'
import type { Stage } from './open-scene.js'
import { schemaOf, validParameters } from './parameters.js'
import type { PlanUnderTest } from './plan-under-test.js'
import { wantedPlatforms } from './platforms/judge-platforms.js'
import { probes } from './probes.js'
import { openRawBroker, type RawBroker } from './raw-broker.js'
import { isNoBroker, whyNoCatalog, workableCatalog } from './read-catalog.js'
import { toChecked } from './report-of.js'
import type { Scene, SceneFacts } from './scene.js'
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

const defaultVersion = '2.17'
const defaultTimeoutMs = 60_000
/** How many plans are checked at a time when nothing is said. */
export const defaultParallel = 4

/**
 * Reads the catalog and chooses scenes and plans; nothing is created yet.
 * @throws {ConformanceError} when the run cannot begin; {TypeError} for options that make no sense
 */
export async function openRun(options: ConformanceOptions): Promise<Run> {
  const { apiVersion = defaultVersion, auth, url, fetch, tls, proxy } = options
  const timeoutMs = positive('timeoutMs', options.timeoutMs, defaultTimeoutMs)
  assertSelection(allHeads(), options.select)
  // Clean-up goes on when the run is aborted, so that the broker's own sender knows nothing of its signal.
  const broker = openRawBroker({ url, auth, fetch, tls, proxy, apiVersion, timeoutMs })
  try {
    return await prepareRun(options, broker)
  } catch (error) {
    await broker.close()
    throw error
  }
}

/** What a run is made of, once the catalog is read and who has to be asked has agreed. */
async function prepareRun(options: ConformanceOptions, broker: RawBroker): Promise<Run> {
  const {
    apiVersion = defaultVersion,
    clock = systemClock,
    signal = new AbortController().signal,
    timeBudgetMs,
  } = options
  const sent = await broker.send({ label: 'catalog', operation: 'catalog', method: 'GET', path: '/v2/catalog' })
  const found = workableCatalog(sent)
  if (!found && isNoBroker(sent)) throw new ConformanceError('NO_CATALOG', whyNoCatalog(sent))
  const catalog = found ?? { services: [] }
  const plans = choosePlans(catalog, options)
  const unknown = (found ? (options.plans ?? []) : []).filter(
    (wanted) => !plans.some(({ plan }) => plan.id === wanted || plan.name === wanted),
  )
  if (unknown.length > 0)
    throw new ConformanceError('NO_SUCH_PLAN', `the catalog has no plan ${unknown.join(', ')}; use ids or names of it`)
  const scenes = allScenes.filter((scene) => isWanted(scene, options))
  const secrets: unknown[] = []
  const stage: Stage = {
    catalog,
    broker,
    clock,
    signal,
    polling: pollingSettings(options.polling),
    restart: options.restart,
    ledger: options.ledger,
    seed: options.seed ?? randomInt(2 ** 31),
    place: { organization_guid: randomUUID(), space_guid: randomUUID(), app_guid: randomUUID() },
    secrets,
    made: new Set(),
    general: new Findings(),
    parametersOf: (plan, action) => {
      const given = options.parametersOf?.(toChecked(plan), action)
      // What the user has written may be secret; what is made from a schema is not.
      if (given) secrets.push(...textsIn(given))
      return given ?? validParameters(schemaOf(plan, action))
    },
  }
  const estimate = estimateOf(options, stage, plans, scenes)
  if (estimate.instances > 0 && options.confirm && !(await options.confirm(estimate)))
    throw new ConformanceError('DECLINED', 'nothing was created: the run was declined')
  const begun = performance.now()
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
      if (signal.aborted) return 'the run was aborted'
      return timeBudgetMs !== undefined && performance.now() - begun > timeBudgetMs
        ? 'the time budget is used up'
        : undefined
    },
  }
}

/** Numbers and booleans are no secrets, and would be masked wherever they stand. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** What a scene can be told before it is played. */
export function factsOf({ catalog, restart }: Stage, plan: PlanUnderTest): SceneFacts {
  return { catalog, plan, canRestart: restart !== undefined }
}

function estimateOf(
  options: ConformanceOptions,
  stage: Stage,
  plans: readonly PlanUnderTest[],
  scenes: readonly Scene[],
): ConformanceEstimate {
  const visits = options.safe ? 0 : wantedPlatforms(options).length
  const ofPlan = (plan: PlanUnderTest): number =>
    scenes.reduce((sum, scene) => sum + (scene.unfit?.(factsOf(stage, plan)) ? 0 : scene.instances), visits)
  return {
    plans: plans.map((plan) => ({ ...toChecked(plan), free: plan.plan.free !== false })),
    instances: plans.reduce((sum, plan) => sum + ofPlan(plan), 0),
    parallel: Math.min(options.maxParallel ?? defaultParallel, plans.length),
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
