import type { ContainerSpec, Engine, Mount, Owner, VolumeSpec } from '../engine/engine.js'
import { ProvisionerError } from '../errors.js'
import { type Labels, labels, managedByUs } from '../labels.js'
import { type PlanLimits, type Recipe, type Secrets, secretsMount } from '../recipes/recipe.js'
import { instanceNames } from '../resource-names.js'

/** Which instance of which plan. */
export interface InstanceIds {
  /** Name of the broker, which stands on all that it makes. */
  readonly broker: string
  /** Of the platform's organisation, where it has any. */
  readonly organization?: string | undefined
  readonly tenant: string
  readonly instance_id: string
  readonly service_id: string
  readonly plan_id: string
  readonly plan_name: string
}

const defaultOwner: Owner = { uid: 999, gid: 999 }
const secretsPath = '/run/secrets'
/** Has all secrets of the instance as JSON, so that an instance whose record is lost can be put on record again. */
export const secretsFile = 'osb-secrets.json'

/** All that one instance consists of, as pure data: the same ids and recipe always give the same. */
export function instanceResources(recipe: Recipe, ids: InstanceIds) {
  const names = instanceNames(ids.tenant, ids.instance_id)
  const owner = recipe.user ?? defaultOwner
  const own = (role: string): Labels => ({
    [labels.managedBy]: managedByUs,
    [labels.broker]: ids.broker,
    [labels.instance]: names.instance,
    [labels.tenant]: ids.tenant,
    [labels.instanceId]: ids.instance_id,
    [labels.role]: role,
  })
  const mounts = mountsOf(recipe, names.volume)
  return {
    names,
    network: { name: names.network, labels: own('network') },
    /** Volumes and networks outlive plans and recipes, so their labels carry ids only. */
    volumes: (image: string, secrets: Secrets, sizeMb?: number): readonly VolumeSpec[] =>
      mounts.map(({ name, volume }) => ({
        name: volume,
        labels: own('volume'),
        owner,
        image,
        ...(name === secretsMount
          ? { files: { ...recipe.secretFiles?.({ secrets }), [secretsFile]: JSON.stringify(secrets) } }
          : { sizeMb }),
      })),
    /** Copies of the data volumes, and what says that they are whole. */
    backups: {
      volumes: mounts
        .filter(({ name }) => name !== secretsMount)
        .map(({ name, volume }) => ({
          of: volume,
          spec: { name: names.backup(name), labels: own('backup'), owner } satisfies Omit<VolumeSpec, 'image'>,
        })),
      marker: { name: names.backup('whole/'), labels: own('backup'), owner } satisfies Omit<VolumeSpec, 'image'>,
    },
    container: (image: string, secrets: Secrets, version: string | undefined): ContainerSpec => {
      const limits = planLimits(recipe, ids.plan_name)
      const { memoryMb, cpus, pids } = limits
      return {
        name: names.container,
        labels: {
          ...own('service'),
          [labels.serviceId]: ids.service_id,
          [labels.planId]: ids.plan_id,
          [labels.recipe]: recipe.name,
          [labels.image]: image,
          ...(version !== undefined && { [labels.version]: version }),
          ...(ids.organization !== undefined && { [labels.organization]: ids.organization }),
        },
        image,
        network: names.network,
        ports: recipe.ports,
        mounts,
        user: owner,
        limits: { memoryMb, cpus, pids },
        process: (place) =>
          recipe.process?.({ place, limits, secrets: recipe.secretsInEnvironment ? secrets : {} }) ?? {},
        embedded: recipe.embedded,
      }
    },
    /** Removes everything, what is known by its label and what is known by its name; nothing twice is an error. */
    async remove(engine: Engine, signal: AbortSignal): Promise<void> {
      const found = await engine.list({ [labels.instance]: names.instance }, { signal })
      const container = [names.container, names.keptContainer].map((name) => ({ kind: 'container' as const, name }))
      const others = found.filter(({ kind }) => kind === 'container')
      const rest = [
        { kind: 'network' as const, name: names.network },
        ...mounts.map(({ volume }) => ({ kind: 'volume' as const, name: volume })),
        ...found.filter(({ kind }) => kind !== 'container'),
      ]
      for (const resource of [...container, ...others, ...rest]) await engine.remove(resource, { signal })
    },
  }
}

export type InstanceResources = ReturnType<typeof instanceResources>

function mountsOf(recipe: Recipe, volumeName: (mount: string) => string): readonly Mount[] {
  const data = Object.entries(recipe.volumes ?? {}).map(([name, path]) => ({ name, path, volume: volumeName(name) }))
  if (!recipe.secretFiles) return data
  return [...data, { name: secretsMount, path: secretsPath, volume: volumeName(secretsMount), readOnly: true }]
}

/** @throws ProvisionerError `INVALID_RECIPE` for a plan that the recipe does not have */
export function planLimits(recipe: Recipe, planName: string): PlanLimits {
  const limits = Object.hasOwn(recipe.plans, planName) ? recipe.plans[planName] : undefined
  if (!limits) throw new ProvisionerError('INVALID_RECIPE', `recipe ${recipe.name} has no plan ${planName}`)
  return limits
}
