import { headOf } from './check.js'
import { cleanUp } from './clean-up.js'
import { Created } from './created.js'
import { Findings } from './findings.js'
import { openScene, type Stage } from './open-scene.js'
import type { PlanUnderTest } from './plan-under-test.js'
import { probes } from './probes.js'
import { toChecked } from './report-of.js'
import type { CheckResult, Leftover } from './result.js'
import type { Scene } from './scene.js'
import { isSelected } from './selection.js'
import { type Show, showWith } from './show-exchange.js'
import { mergeGenerators } from './merge-generators.js'

import { defaultParallel, factsOf, type Run } from './open-run.js'
/** What one scene found and left behind. */
export interface Played {
  readonly results: readonly CheckResult[]
  readonly leftovers: readonly Leftover[]
  readonly endedBy?: string | undefined
}

/**
 * Plays all scenes: those of the broker first, then those of each plan, several plans at a time, and then those that
 * have to be alone.
 */
export async function* playAll(run: Run): AsyncGenerator<Played, void, void> {
  const { scenes, plans, options } = run
  const [first] = plans
  if (!first) return
  const ofBroker = scenes.filter(({ kind }) => kind === 'broker')
  for (const scene of ofBroker) if (!scene.isLast) yield await playScene(run, scene, first)
  const waiting = [...plans]
  const ofPlans = scenes.filter(({ kind, isAlone }) => kind !== 'broker' && !isAlone)
  const workers = Array.from({ length: Math.min(options.maxParallel ?? defaultParallel, plans.length) }, () =>
    (async function* (): AsyncGenerator<Played, void, void> {
      for (let plan = waiting.shift(); plan; plan = waiting.shift())
        for (const scene of ofPlans) yield await playScene(run, scene, plan)
    })(),
  )
  yield* mergeGenerators(workers)
  for (const scene of scenes) if (scene.isAlone) for (const plan of plans) yield await playScene(run, scene, plan)
  for (const scene of ofBroker) if (scene.isLast) yield await playScene(run, scene, first)
}

async function playScene(run: Run, scene: Scene, plan: PlanUnderTest): Promise<Played> {
  const { stage, options } = run
  const findings = new Findings()
  const endedBy = run.isOver()
  const unfit = endedBy ?? scene.unfit?.(factsOf(stage, plan))
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

/** How exchanges of a run are shown: with its secrets hidden. */
export function showOf({ broker, secrets }: Stage): Show {
  return showWith(broker.origin, () => [...broker.secrets, ...secrets])
}
