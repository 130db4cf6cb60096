import type { Engine, Resource } from '../engine/engine.js'
import { type Labels, labels } from '../labels.js'
import { fingerprint } from '../engine/fingerprint.js'
import { instanceResources } from '../offering/instance-resources.js'
import { instanceNames } from '../resource-names.js'
import { labelledService, type StoredOffering } from './labelled-service.js'
import { isService, type LostService, readLostService } from './lost-service.js'

/** A service instance that the broker has on record. */
export interface KnownInstance {
  /** The empty string where the broker has no tenants. */
  readonly tenant: string
  readonly instance_id: string
  readonly plan_id: string
  /** Whether an operation of it runs, so that it may just be coming, changing or going. */
  readonly busy: boolean
}

export interface ReconcileOptions {
  /** The name that the offerings were made with; what other brokers made is neither looked at nor touched. */
  readonly broker?: string | undefined
  /** How old a resource must be to count as left behind. Default: 3,600,000, an hour. */
  readonly olderThanMs?: number | undefined
  /**
   * Puts a running service that is not on record on record, such as by `adoptInstance` of osb-server, and tells whether it
   * has. Needs `offerings`; those that none of them has stay orphans. Default: none is adopted.
   */
  readonly adopt?: ((service: LostService) => Promise<boolean>) | undefined
  /** Whether what was left behind, and not adopted, is removed. Default: false, it is only reported. */
  readonly remove?: boolean | undefined
  /** The offerings as they are now, to find services that were made from another recipe. Default: not looked for. */
  readonly offerings?: readonly StoredOffering[] | undefined
  readonly signal?: AbortSignal | undefined
}

/** An instance whose service is not as the record says. */
export interface DriftedInstance extends KnownInstance {
  /**
   * `missing`: no container; `stopped`: it does not run; `plan`: made for another plan; `kept`: an update's old one remains;
   * `spec`: the recipe or the plan's limits have changed since it was made, which its next update brings it.
   */
  readonly what: 'missing' | 'stopped' | 'plan' | 'kept' | 'spec'
}

export interface ReconcileReport {
  /** Resources of this broker that belong to no instance on record, and helpers that outlived their call. */
  readonly orphans: readonly Resource[]
  readonly drifted: readonly DriftedInstance[]
  /** Instances whose resources were orphans, and that are on record now. */
  readonly adopted: readonly Omit<LostService, 'state'>[]
  /** What was removed of the orphans; the rest failed, was adopted or was younger. */
  readonly removed: readonly Resource[]
  /** Why an orphan could not be removed, or adopted. */
  readonly failures: readonly { readonly resource: Resource; readonly error: unknown }[]
}

const hourMs = 3_600_000
const order: readonly Resource['kind'][] = ['container', 'network', 'volume']

/**
 * Compares what a broker has on record with what its engine has, by one listing. Reports what was left behind and which
 * services are not as they should be; adopts and removes only if told so, and only what carries this broker's label. Nothing of an
 * instance on record is ever removed.
 * @throws ProvisionerError when the engine does not answer
 * @example
 * const report = await reconcile(engine, await knownInstances(store), { broker: 'team-a' })
 * console.log(report.orphans.map(({ kind, name }) => `${kind} ${name}`))
 */
export async function reconcile(
  engine: Engine,
  known: Iterable<KnownInstance>,
  options: ReconcileOptions = {},
): Promise<ReconcileReport> {
  const { broker = '', olderThanMs = hourMs, remove = false, adopt, offerings = [], signal } = options
  const instances = [...known].map((instance) => ({
    ...instance,
    names: instanceNames(instance.tenant, instance.instance_id),
  }))
  const found = await engine.list({ [labels.broker]: broker }, { signal })
  const byInstance = groupBy(found)
  const ids = new Set(instances.map(({ names }) => names.instance))
  const before = Date.now() - olderThanMs
  const orphans = found
    .filter((resource) => resource.createdAtMs <= before)
    .filter((resource) => isHelper(resource.labels) || !ids.has(resource.labels[labels.instance] ?? ''))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  const drifted = instances.flatMap(({ names, ...instance }) => {
    const what = instance.busy ? undefined : driftOf(instance, names, byInstance.get(names.instance) ?? [], offerings)
    return what === undefined ? [] : [{ ...instance, what }]
  })
  const removed: Resource[] = []
  const failures: { resource: Resource; error: unknown }[] = []
  const adopted: Omit<LostService, 'state'>[] = []
  // Nothing is removed of an instance that could not be adopted: somebody has to look at it.
  const kept = new Set<string | undefined>()
  for (const resource of adopt ? orphans.filter((orphan) => isService(orphan, offerings)) : []) {
    signal?.throwIfAborted()
    kept.add(resource.labels[labels.instance])
    try {
      const service = await readLostService(engine, resource, offerings, signal)
      const { state: _secrets, ...told } = service
      if (await adopt?.(service)) adopted.push(told)
    } catch (error) {
      failures.push({ resource, error })
    }
  }
  for (const resource of remove ? orphans.filter((orphan) => !kept.has(orphan.labels[labels.instance])) : []) {
    signal?.throwIfAborted()
    await engine.remove(resource, { signal }).then(
      () => removed.push(resource),
      (error: unknown) => failures.push({ resource, error }),
    )
  }
  return { orphans, drifted, adopted, removed, failures }
}

function groupBy(resources: readonly Resource[]): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>()
  for (const resource of resources) {
    const key = resource.labels[labels.instance] ?? ''
    groups.set(key, [...(groups.get(key) ?? []), resource])
  }
  return groups
}

function driftOf(
  { plan_id }: KnownInstance,
  names: { readonly container: string; readonly keptContainer: string },
  resources: readonly Resource[],
  offerings: readonly StoredOffering[],
): DriftedInstance['what'] | undefined {
  const container = resources.find(({ name }) => name === names.container)
  if (resources.some(({ name }) => name === names.keptContainer)) return 'kept'
  if (!container) return 'missing'
  if (container.state !== 'running') return 'stopped'
  if (container.labels[labels.planId] !== plan_id) return 'plan'
  return isAsSpecified(container, offerings) ? undefined : 'spec'
}

/** Its image stays what it was made with, so that is no drift. What holds secrets cannot be told without them. */
function isAsSpecified(container: Resource, offerings: readonly StoredOffering[]): boolean {
  const { recipe, ids } = labelledService(container, offerings) ?? {}
  if (!recipe || !ids || recipe.secretsInEnvironment) return true
  const [image, version] = [container.labels[labels.image] ?? '', container.labels[labels.version]]
  const spec = instanceResources(recipe, ids).container(image, {}, version)
  return container.labels[labels.spec] === fingerprint(spec)
}

/** Helpers live for one call; what carries their label and is old was left by a crash. */
function isHelper(found: Labels): boolean {
  return found[labels.role] === 'helper'
}
