import type { ConformanceOptions } from '../conformance-options.js'
import { cleanUp } from '../clean-up.js'
import { Created } from '../created.js'
import { Findings } from '../findings.js'
import { openScene, type Stage } from '../open-scene.js'
import type { PlanUnderTest } from '../plan-under-test.js'
import type { Leftover, PlatformVerdict } from '../result.js'
import type { Show } from '../show-exchange.js'
import { faultsOf, platformNames, visit } from './visit.js'

/** What is known of a run when it comes to the platforms. */
export interface PlatformsFacts {
  readonly stage: Stage
  readonly options: ConformanceOptions
  readonly plans: readonly PlanUnderTest[]
  readonly isOver: () => string | undefined
}

/** The platforms that a run asks about: none where it was to be about certain checks. */
export function wantedPlatforms({
  platforms,
  select,
}: ConformanceOptions): NonNullable<ConformanceOptions['platforms']> {
  return platforms ?? (select?.checks || select?.levels || select?.sections ? [] : ['cf'])
}

/** Judges each plan as each platform would. What is created for it is deleted again. */
export async function judgePlatforms(
  { stage, options, plans, isOver }: PlatformsFacts,
  show: Show,
): Promise<{ readonly verdicts: readonly PlatformVerdict[]; readonly leftovers: readonly Leftover[] }> {
  const verdicts: PlatformVerdict[] = []
  const leftovers: Leftover[] = []
  for (const platform of wantedPlatforms(options)) {
    const name = platformNames[platform]
    if (options.safe) {
      const catalog = faultsOf(platform, stage.catalog)
      verdicts.push({ platform: name, works: catalog.length === 0, catalog, steps: [] })
      continue
    }
    for (const plan of plans) {
      if (isOver()) break
      options.onProgress?.(`${plan.name}: as ${name} does it`)
      const created = new Created()
      const scene = `platform-${platform}`
      try {
        verdicts.push(await visit(platform, openScene(stage, scene, plan, new Findings(), created), show))
      } catch (error) {
        if (!stage.signal.aborted) throw error
      } finally {
        const calm = { ...stage, signal: new AbortController().signal }
        const context = openScene(calm, `${scene}-clean-up`, plan, new Findings(), created)
        leftovers.push(...(await cleanUp(context, created)))
      }
    }
  }
  return { verdicts, leftovers }
}
