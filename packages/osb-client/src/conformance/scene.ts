import type { Catalog } from 'osb-protocol'
import type { PlanUnderTest } from './plan-under-test.js'
import type { SceneContext } from './scene-context.js'

/** What is known before anything is sent to the broker but the request for its catalog. */
export interface SceneFacts {
  readonly catalog: Catalog
  readonly plan: PlanUnderTest
  /** Whether the run has been told how to restart the broker. */
  readonly canRestart: boolean
}

/**
 * A piece of a run: some requests in an order, and what is asserted of their answers. Scenes do not depend on each other;
 * each makes the instances that it needs, and what it leaves is deleted after it.
 */
export interface Scene {
  /** Unique, in kebab-case. */
  readonly name: string
  /** What is being done, for those who wait: `repeats of a provision`. */
  readonly title: string
  /**
   * `broker`: once, nothing is created. `plan`: with each plan under test, of what the specification says. `probe`: with each
   * plan under test, of what a robust broker does beyond that.
   */
  readonly kind: 'broker' | 'plan' | 'probe'
  /** Of kind `broker`: played after all others, as it may get the run locked out. */
  readonly isLast?: true | undefined
  /** Of kind `probe`: played when nothing else is, as it restarts the broker. */
  readonly isAlone?: true | undefined
  /** Of kind `broker`: sends more than reads, so that a run in safe mode leaves it out. */
  readonly writes?: true | undefined
  /** All checks that it may report; those that it reports nothing of are not applicable. */
  readonly checks: readonly string[]
  /** How many instances it creates with one plan, for the estimate. */
  readonly instances: number
  /** Why it cannot be played with this plan, if it cannot: the reason of its checks. */
  readonly unfit?: ((facts: SceneFacts) => string | undefined) | undefined
  play(context: SceneContext): Promise<void>
}
