import type { Engine, Resource } from '../engine/engine.js'
import { ProvisionerError } from '../errors.js'
import { labels } from '../labels.js'
import type { InstanceIds } from '../offering/instance-resources.js'
import { serviceAccess } from '../offering/service-access.js'
import type { Recipe, StorageAccess, StorageRules } from '../recipes/recipe.js'
import { labelledService, type StoredOffering } from './labelled-service.js'

/** What was found of one instance. */
export interface StorageReport {
  readonly tenant: string
  readonly instance_id: string
  /** Bytes that it has, and that its plan gives. Absent where they could not be measured. */
  readonly usedBytes?: number
  readonly boundBytes: number
  /** Whether its bindings may not write. */
  readonly restricted?: boolean
  /** Why it could not be looked at; it is as it was. */
  readonly error?: unknown
}

export interface HoldStorageOptions {
  /** The name that the offerings were made with. */
  readonly broker?: string | undefined
  /** Instances of which it is known that all may write, which are not told so again; kept up to date. */
  readonly released?: Set<string> | undefined
  readonly signal?: AbortSignal | undefined
}

const mebibyte = 1024 * 1024
const atOnce = 4

/**
 * Measures each running instance whose plan has `storageMb`, takes the right to write from the bindings of those that
 * have more, and gives it back to those that have not. To be called again and again, such as once a minute; a binding
 * made in between can write until the next call. One instance's failure does not keep the others from being looked at.
 * @throws ProvisionerError when the engine does not answer
 */
export async function holdStorage(
  engine: Engine,
  offerings: readonly StoredOffering[],
  { broker = '', released = new Set(), signal = new AbortController().signal }: HoldStorageOptions = {},
): Promise<readonly StorageReport[]> {
  const services = await engine.list({ [labels.broker]: broker, [labels.role]: 'service' }, { signal })
  const running = services.filter(({ kind, state }) => kind === 'container' && state === 'running')
  const bounded = running.flatMap((service) => boundOf(service, offerings) ?? []).values()
  const reports: StorageReport[] = []
  const worker = async () => {
    for (const one of bounded) reports.push(await look(engine, one, released, signal))
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return reports
}

interface Bounded {
  readonly service: Resource
  readonly recipe: Recipe
  readonly ids: InstanceIds
  readonly rules: StorageRules
  readonly boundBytes: number
}

function boundOf(service: Resource, offerings: readonly StoredOffering[]): Bounded | undefined {
  const { recipe, ids } = labelledService(service, offerings) ?? {}
  if (!recipe || !ids || typeof recipe.storage !== 'object') return undefined
  const { storageMb } = recipe.plans[ids.plan_name] ?? {}
  if (storageMb === undefined) return undefined
  return { service, recipe, ids, rules: recipe.storage, boundBytes: storageMb * mebibyte }
}

async function look(
  engine: Engine,
  { service, recipe, ids, rules, boundBytes }: Bounded,
  released: Set<string>,
  signal: AbortSignal,
): Promise<StorageReport> {
  const about = { tenant: ids.tenant, instance_id: ids.instance_id, boundBytes }
  try {
    const access = await accessOf(engine, service, recipe, ids, signal)
    const usedBytes = await rules.measure(access)
    const restricted = usedBytes > boundBytes
    if (restricted) await rules.restrict(access)
    else if (!released.has(service.name)) await rules.release(access)
    if (restricted) released.delete(service.name)
    else released.add(service.name)
    return { ...about, usedBytes, restricted }
  } catch (error) {
    signal.throwIfAborted()
    return { ...about, error }
  }
}

async function accessOf(
  engine: Engine,
  { name }: Resource,
  recipe: Recipe,
  ids: InstanceIds,
  signal: AbortSignal,
): Promise<StorageAccess> {
  const status = await engine.inspectContainer(name, { signal })
  if (!status) throw new ProvisionerError('NOT_FOUND', `the container ${name} was removed meanwhile`)
  return serviceAccess(engine, recipe, ids, status, {}, [], signal)
}
