import { definePlan, type OfferingDefinition } from 'osb-server'
import type { Engine } from '../engine/engine.js'
import type { ImageSource } from '../engine/image-source.js'
import { dockerOffering } from '../offering/docker-offering.js'
import type { Quota } from '../offering/quota.js'
import type { StoredOffering } from '../operations/labelled-service.js'
import { allOf } from '../ready/all-of.js'
import { command } from '../ready/command.js'
import { healthy } from '../ready/healthy.js'
import { http } from '../ready/http.js'
import { logLine } from '../ready/log-line.js'
import { portOpen } from '../ready/port-open.js'
import type { ReadyStrategy } from '../ready/ready-strategy.js'
import { containerRecipe } from '../recipes/container-recipe.js'
import { mariadbRecipe, mysqlRecipe } from '../recipes/mysql/mysql-recipe.js'
import { postgresqlRecipe } from '../recipes/postgresql/postgresql-recipe.js'
import { rabbitmqRecipe } from '../recipes/rabbitmq/rabbitmq-recipe.js'
import type { PlanLimits, Recipe } from '../recipes/recipe.js'
import { redisRecipe } from '../recipes/redis-recipe.js'
import type { LoadedBrokerFile } from './read-broker-file.js'
import type { FileOffering } from './schema.js'

const recipes = {
  postgresql: postgresqlRecipe<string>,
  mariadb: mariadbRecipe<string>,
  mysql: mysqlRecipe<string>,
  redis: redisRecipe<string>,
  rabbitmq: rabbitmqRecipe<string>,
}

type Container = Extract<FileOffering, { recipe: 'container' }>
type Ready = Container['ready'][number]

/** The offerings of a broker's file. @throws ProvisionerError `INVALID_RECIPE` */
export function makeOfferings(loaded: LoadedBrokerFile, engine: Engine): readonly OfferingDefinition[] {
  return loaded.config.offerings.map((offering) => makeOffering(offering, loaded, engine))
}

/** One offering of a broker's file. @throws ProvisionerError `INVALID_RECIPE` */
export function makeOffering(
  offering: FileOffering,
  { config, path }: Pick<LoadedBrokerFile, 'config' | 'path'>,
  engine: Engine,
): OfferingDefinition {
  const { id, name, description, tags, metadata } = offering
  return dockerOffering(recipeOf(offering, path), {
    engine,
    broker: config.name,
    quota: quotaOf(offering, config.quota?.instances),
    id,
    name,
    description,
    // Plans are changed by making the container anew on its data, so any plan can follow any other.
    plan_updateable: offering.plans.length > 1,
    ...(tags && { tags }),
    ...(metadata && { metadata }),
    plans: offering.plans.map((plan) =>
      definePlan({
        id: plan.id,
        name: plan.name,
        description: plan.description,
        ...(plan.free !== undefined && { free: plan.free }),
        ...(plan.retired !== undefined && { retired: plan.retired }),
        ...(plan.metadata && { metadata: plan.metadata }),
      }),
    ),
  }) as OfferingDefinition
}

/** What `holdStorage` and the like need of the offerings. */
export function storedOfferings({ config, path }: LoadedBrokerFile): readonly (StoredOffering & { name: string })[] {
  return config.offerings.map((offering) => ({
    id: offering.id,
    name: offering.name,
    plans: offering.plans,
    recipe: recipeOf(offering, path),
  }))
}

/** The recipe of one offering, with the plans that the file gives it. */
export function recipeOf(offering: FileOffering, path: (relative: string) => string): Recipe {
  const plans = Object.fromEntries(offering.plans.map((plan) => [plan.name, limitsOf(plan)]))
  if (offering.recipe === 'container') return containerOf(offering, plans, path)
  const { image, user, versions } = offering
  return recipes[offering.recipe]({ plans, user, versions, image: image && imageOf(image, path) })
}

function containerOf(
  { name, image, ready, readyTimeoutSeconds, credentials, ...rest }: Container,
  plans: Readonly<Record<string, PlanLimits>>,
  path: (relative: string) => string,
): Recipe {
  const { secretsInEnvironment, versions } = rest
  const { ports, user, volumes, secrets, secretFiles, command: line, env, bind, unbind, syslog_drain_url } = rest
  return containerRecipe({
    name: name.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-'),
    image: imageOf(image, path),
    ports,
    plans,
    credentials,
    ready: allOf(...ready.map(readyOf)),
    ...(readyTimeoutSeconds !== undefined && { readyTimeoutMs: readyTimeoutSeconds * 1000 }),
    ...(user && { user }),
    ...(secretsInEnvironment && { secretsInEnvironment }),
    ...(versions && { versions }),
    ...(volumes && { volumes }),
    ...(secrets && { secrets }),
    ...(secretFiles && { secretFiles }),
    ...(line && { command: line }),
    ...(env && { env }),
    ...(bind && { bind: commandOf(bind) }),
    ...(unbind && { unbind: commandOf(unbind) }),
    ...(syslog_drain_url !== undefined && { syslog_drain_url }),
  })
}

function commandOf({ command: line, stdin }: NonNullable<Container['bind']>) {
  return { command: line, ...(stdin !== undefined && { stdin }) }
}

function readyOf(ready: Ready): ReadyStrategy {
  if ('port' in ready) return portOpen(ready.port)
  if ('http' in ready) return http(ready.http, ready.path ?? '/')
  if ('command' in ready) return command(ready.command)
  if ('health' in ready) return healthy()
  return logLine(new RegExp(ready.log))
}

function imageOf(image: NonNullable<FileOffering['image']>, path: (relative: string) => string): ImageSource {
  if (typeof image === 'string' || image.archive === undefined) return image
  return { ...image, archive: path(image.archive) }
}

function limitsOf({
  memoryMb,
  cpus,
  pids,
  diskMb,
  storageMb,
  connections,
  connectionsPerBinding,
}: FileOffering['plans'][number]): PlanLimits {
  return { memoryMb, cpus, pids, diskMb, storageMb, connections, connectionsPerBinding }
}

function quotaOf({ quota, plans }: FileOffering, host: number | undefined): Quota {
  const bounded = plans.flatMap((plan) => (plan.quota === undefined ? [] : [[plan.name, plan.quota] as const]))
  return { host, offering: quota?.instances, organization: quota?.perOrganization, plans: Object.fromEntries(bounded) }
}
