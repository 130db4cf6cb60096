import type { BindResult, PlanParameters } from 'osb-server'
import type { ExecResult, ImageSource, Limits, Owner, Place, ServiceProcess } from '../engine/engine.js'
import type { ReadyStrategy } from '../ready/ready-strategy.js'
import { ProvisionerError } from '../errors.js'

/** Secrets of one instance by name, each of 256 random bits as `[A-Za-z0-9_-]`. */
export type Secrets = Readonly<Record<string, string>>

/** What a plan gives. What an engine cannot hold, such as connections, the recipe's service holds. */
export interface PlanLimits extends Limits {
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
  readonly process?: (input: { readonly place: Place; readonly limits: PlanLimits }) => ServiceProcess
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
  for (const path of Object.values(recipe.volumes ?? {})) {
    if (!path.startsWith('/')) throw invalid(`the volume path ${path} is not absolute`)
  }
  for (const port of Object.values(recipe.ports)) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid(`${port} is not a port`)
  }
  return recipe
}
