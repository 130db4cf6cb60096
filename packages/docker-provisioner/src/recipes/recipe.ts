import type { BindResult, PlanParameters } from 'osb-server'
import type { ExecResult, Limits, Owner, Place, ServiceProcess } from '../engine/engine.js'
import type { ImageSource } from '../engine/image-source.js'
import type { ReadyStrategy } from '../ready/ready-strategy.js'
import { ProvisionerError } from '../errors.js'

/** Secrets of one instance by name, each of 256 random bits as `[A-Za-z0-9_-]`. */
export type Secrets = Readonly<Record<string, string>>

/** What a plan gives. What an engine cannot hold, such as connections, the recipe's service holds. */
export interface PlanLimits extends Limits {
  /**
   * MiB that each data volume of the instance may hold, held by the engine, whose storage driver must be able to.
   * Counts when the instance is made. Default: none.
   */
  readonly diskMb?: number | undefined
  /**
   * MiB of data that the instance may have, held by the recipe: while it has more, its bindings can read and delete, but
   * not write. A recipe says whether it can hold it. Default: none.
   */
  readonly storageMb?: number | undefined
  /** Connections that the instance takes at once from all bindings together. Default: what the recipe says. */
  readonly connections?: number | undefined
  /** Connections that one binding may have at once; a recipe says whether it can hold it. Default: no bound of its own. */
  readonly connectionsPerBinding?: number | undefined
}

/** What the functions of a recipe work with. */
export interface ServiceAccess {
  /** Name for the instance's database or the like: at most 28 characters of `[a-z0-9]`, always the same. */
  readonly database: string
  /** What the instance's plan gives. */
  readonly limits: PlanLimits
  /** Where clients reach the service. */
  readonly host: string
  /** Published ports by name. */
  readonly ports: Readonly<Record<string, number>>
  /** Where the service finds itself; what commands beside it use. */
  readonly place: Place
  readonly secrets: Secrets
  readonly signal: AbortSignal
  /** Runs a command beside the service; secrets go in by stdin only. */
  exec(command: readonly string[], stdin?: string): Promise<ExecResult>
  /** The same, and its output. @throws ProvisionerError `COMMAND_FAILED` at any exit code but 0 */
  run(command: readonly string[], stdin?: string): Promise<string>
}

export interface RecipeBindInput extends ServiceAccess {
  readonly binding_id: string
  /** The login to make: the same name and password when a bind is done again after a crash. */
  readonly username: string
  readonly password: string
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface RecipeUnbindInput extends ServiceAccess {
  readonly binding_id: string
  readonly username: string
}

export interface ProcessInput {
  readonly place: Place
  readonly limits: PlanLimits
  /** Empty unless the recipe says `secretsInEnvironment`. */
  readonly secrets: Secrets
}

/** What the image of a recipe is a version of. */
export interface RecipeVersions {
  /** Of the recipe's image, a semantic version such as `17.2.0`; each plan shows it as its `maintenance_info`. */
  readonly current: string
  /** Versions whose data this image reads and writes as they are; instances of them may be upgraded, and no others. */
  readonly sameDataFormat: readonly string[]
  /** What the upgrade brings, for people. */
  readonly description?: string | undefined
}

/** How a recipe holds a bound of stored data. All may be done again at any time; none needs a secret. */
export interface StorageRules {
  /** Bytes that count against the plan. */
  measure(input: StorageAccess): Promise<number>
  /** Takes the right to write from all bindings, new ones included; reading and deleting stay. */
  restrict(input: StorageAccess): Promise<void>
  /** Gives it back. */
  release(input: StorageAccess): Promise<void>
}

/** What there is of an instance without its record. */
export type StorageAccess = Omit<ServiceAccess, 'secrets'>

/**
 * How to run a kind of service and to let applications into it. Data and small functions that may be called again at
 * any time; a recipe sees no engine.
 */
export interface Recipe<PlanName extends string = string> {
  /** Stands in labels. */
  readonly name: string
  readonly image: ImageSource
  /** Ports inside the container by name. */
  readonly ports: Readonly<Record<string, number>>
  /** Paths inside the container by name; each is a volume that lives as long as the instance. */
  readonly volumes?: Readonly<Record<string, string>>
  /** User and group that it runs as. Default: 999 and 999. */
  readonly user?: Owner
  /** Names of secrets to make for each instance. */
  readonly secrets?: readonly string[]
  /** Files that hold secrets, by name; the service finds them in `place.paths.secrets`, `/run/secrets` on Docker. */
  readonly secretFiles?: (input: { readonly secrets: Secrets }) => Readonly<Record<string, string>>
  /** What runs; never a secret in it. Default: what the image says. */
  readonly process?: (input: ProcessInput) => ServiceProcess
  /**
   * For images that take secrets by variables of the environment only: `process` is told them. Everybody who may inspect
   * the engine can read them then. Default: false.
   */
  readonly secretsInEnvironment?: boolean
  /** Which versions there are, and which may follow which. Absent: instances keep the image that they were made with. */
  readonly versions?: RecipeVersions
  /** Holds `storageMb`; `service`: what `process` sets makes the service hold it. Absent: the recipe cannot. */
  readonly storage?: StorageRules | 'service'
  /** The working folder on the embedded engine. Absent: the recipe needs Docker. */
  readonly embedded?: { readonly folder: string }
  readonly ready: ReadyStrategy
  /** How long the start may take. Default: 120,000. */
  readonly readyTimeoutMs?: number
  /** What the plans give, by the plan's name. */
  readonly plans: Readonly<Record<PlanName, PlanLimits>>
  /** Parameters that users may send; an offering or plan that declares its own takes the place of them. */
  readonly parameters?: PlanParameters
  /** Makes what belongs to the instance inside the ready service; also after each change of the plan. */
  prepare?(input: ServiceAccess): Promise<void>
  bind(input: RecipeBindInput): Promise<BindResult>
  unbind?(input: RecipeUnbindInput): Promise<void>
}

/** The name under which `Place.paths` has the folder of secret files. */
export const secretsMount = 'secrets'

/**
 * Checks a recipe and keeps its type.
 * @throws ProvisionerError `INVALID_RECIPE`
 * @example
 * const echo = defineRecipe({
 *   name: 'echo', image: 'ghcr.io/example/echo:1', ports: { http: 8080 }, ready: http('http', '/health'),
 *   plans: { small: { memoryMb: 128 } },
 *   bind: async ({ host, ports }) => ({ credentials: { uri: `http://${host}:${ports.http}/` } }),
 * })
 */
export function defineRecipe<const PlanName extends string>(recipe: Recipe<PlanName>): Recipe<PlanName> {
  const invalid = (what: string) => new ProvisionerError('INVALID_RECIPE', `recipe ${recipe.name}: ${what}`)
  if (!/^[a-z0-9][a-z0-9-]*$/.test(recipe.name)) throw invalid('the name may have a-z, 0-9 and - only')
  if (Object.keys(recipe.plans).length === 0) throw invalid('it has no plan')
  if (recipe.volumes && secretsMount in recipe.volumes) throw invalid(`the volume name ${secretsMount} is taken`)
  for (const [name, { storageMb }] of Object.entries<PlanLimits>(recipe.plans)) {
    if (storageMb === undefined || recipe.storage) continue
    throw invalid(`it cannot hold the storageMb of the plan ${name}; leave it out, or bound the volume by diskMb`)
  }
  for (const path of Object.values(recipe.volumes ?? {})) {
    if (!path.startsWith('/')) throw invalid(`the volume path ${path} is not absolute`)
  }
  for (const port of Object.values(recipe.ports)) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid(`${port} is not a port`)
  }
  return recipe
}
