import { OsbError } from 'osb-server'
import type { ContainerStatus } from '../engine/engine.js'
import { labels } from '../labels.js'
import type { Recipe } from '../recipes/recipe.js'
import { type InstanceIds, planLimits } from './instance-resources.js'

/** The image that an update goes to. */
export interface ChosenVersion {
  /** undefined: the recipe's image, which may have to be fetched. */
  readonly image: string | undefined
  readonly version: string | undefined
  /** Whether another image will write to the data. */
  readonly isUpgrade: boolean
}

/**
 * The version that an instance has after an update. A recipe without versions leaves every instance its image. With
 * versions the platform is told that an instance of a plan has the plan's version, so a change of the plan brings it, too.
 * @param found the instance's container; undefined where it is lost
 * @throws {OsbError} 422 where the data could not be taken along
 */
export function chooseVersion(
  recipe: Recipe,
  before: InstanceIds,
  after: InstanceIds,
  found: ContainerStatus | undefined,
): ChosenVersion {
  assertSameDisk(recipe, before, after)
  const image = found?.labels[labels.image]
  const version = found?.labels[labels.version]
  const { versions } = recipe
  if (versions === undefined || version === versions.current) return { image, version, isUpgrade: false }
  if (version !== undefined && versions.sameDataFormat.includes(version))
    return { image: undefined, version: versions.current, isUpgrade: true }
  throw OsbError.unprocessable(
    `The instance has version ${version ?? 'unknown'} of ${recipe.name}, and its data cannot be taken along to ` +
      `${versions.current}. Make a new instance and move the data with the service's own tools.`,
    { instance_usable: true, update_repeatable: false },
  )
}

/** The engine cannot give an existing volume another size. */
function assertSameDisk(recipe: Recipe, before: InstanceIds, after: InstanceIds): void {
  const [old, wanted] = [before, after].map(({ plan_name }) => planLimits(recipe, plan_name).diskMb)
  if (old === wanted) return
  const text = `The plan ${after.plan_name} has another disk than ${before.plan_name}, and a volume's size cannot be changed.`
  throw OsbError.unprocessable(text, { instance_usable: true, update_repeatable: false })
}
