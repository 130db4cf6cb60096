import { z } from 'zod'
import type { Engine, Resource } from '../engine/engine.js'
import { ProvisionerError } from '../errors.js'
import { labels } from '../labels.js'
import { secretsFile } from '../offering/instance-resources.js'
import type { InstanceState } from '../offering/provision-instance.js'
import { secretsMount } from '../recipes/recipe.js'
import { instanceNames } from '../resource-names.js'
import { labelledService, type StoredOffering } from './labelled-service.js'

/** A service instance as the engine knows it: what its record would have. */
export interface LostService {
  /** The empty string where the broker has no tenants. */
  readonly tenant: string
  readonly instance_id: string
  readonly service_id: string
  readonly plan_id: string
  readonly organization_guid?: string | undefined
  /** Of the recipe's image, where the recipe has versions. */
  readonly version?: string | undefined
  /** With secrets. */
  readonly state: InstanceState
}

/** Whether a resource is the service of an instance that one of these offerings has. */
export function isService(resource: Resource, offerings: readonly StoredOffering[]): boolean {
  const { ids } = labelledService(resource, offerings) ?? {}
  if (!ids || resource.kind !== 'container') return false
  return resource.name === instanceNames(ids.tenant, ids.instance_id).container
}

/**
 * Reads from a running service what its record would have; its secrets are in a file beside it.
 * @throws ProvisionerError `NOT_RUNNING`, or `UNSUPPORTED` for one whose secrets are nowhere but in its environment
 */
export async function readLostService(
  engine: Engine,
  resource: Resource,
  offerings: readonly StoredOffering[],
  signal: AbortSignal | undefined,
): Promise<LostService> {
  const { recipe, ids } = labelledService(resource, offerings) ?? {}
  if (!recipe || !ids) throw new ProvisionerError('NOT_FOUND', `${resource.name} is of no offering that there is`)
  const secrets = (recipe.secrets ?? []).length === 0 ? {} : await readSecrets(engine, resource.name, signal)
  const { tenant, instance_id, service_id, plan_id, organization } = ids
  return {
    tenant,
    instance_id,
    service_id,
    plan_id,
    organization_guid: organization,
    version: resource.labels[labels.version],
    state: { secrets, ...(organization !== undefined && { organization }) },
  }
}

const secretsSchema = z.record(z.string(), z.string())

async function readSecrets(engine: Engine, name: string, signal: AbortSignal | undefined) {
  const status = await engine.inspectContainer(name, { signal })
  const folder = status?.place.paths[secretsMount]
  const unreadable = (why: string) =>
    new ProvisionerError('UNSUPPORTED', `the secrets of ${name} cannot be read: ${why}`)
  if (folder === undefined) throw unreadable('it has no file of them')
  const { exitCode, stdout } = await engine.exec(name, ['cat', `${folder}/${secretsFile}`], { signal })
  if (exitCode !== 0) throw unreadable(`cat ended with ${exitCode}`)
  try {
    return secretsSchema.parse(JSON.parse(stdout))
  } catch {
    // What is wrong with it may be a part of a secret.
    throw unreadable('the file is not as it was written')
  }
}
