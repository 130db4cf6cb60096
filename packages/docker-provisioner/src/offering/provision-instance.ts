import { randomBytes } from 'node:crypto'
import { type HandlerContext, OsbError } from 'osb-server'
import type { Engine } from '../engine/engine.js'
import { isProvisionerError } from '../errors.js'
import { waitUntilReady } from '../ready/wait-until-ready.js'
import type { Recipe, Secrets } from '../recipes/recipe.js'
import { failureReason } from './failure-reason.js'
import { type InstanceIds, type InstanceResources, instanceResources, planLimits } from './instance-resources.js'
import { type Quota, reservePlace } from './quota.js'
import { serviceAccess } from './service-access.js'
import { waitForEngine } from './wait-for-engine.js'

/** What is kept of an instance; stored encrypted. Everything else is with the engine, under names made from the ids. */
export interface InstanceState {
  readonly secrets: Secrets
  /** The platform's organisation, where it has any; what quotas count by. */
  readonly organization?: string
}

export const defaultReadyMs = 120_000
const cleanUpMs = 60_000

export type Steps = Pick<HandlerContext, 'signal' | 'progress' | 'checkpoint' | 'checkpointed'>

/**
 * Makes an instance, or goes on where an attempt was cut off. What failed for good is removed again; what was only
 * interrupted stays for the next attempt or for the delete that overtook it.
 */
export async function provisionInstance(
  engine: Engine,
  recipe: Recipe,
  ids: InstanceIds,
  quota: Quota,
  steps: Steps,
): Promise<InstanceState> {
  const release = await takePlace(engine, ids, quota, steps)
  try {
    return await makeInstance(engine, recipe, ids, steps)
  } finally {
    release()
  }
}

/** Before anything is made: who finds no room has nothing to clean up. */
async function takePlace(engine: Engine, ids: InstanceIds, quota: Quota, steps: Steps): Promise<() => void> {
  try {
    return await waitForEngine(() => reservePlace(engine, quota, ids, steps.signal), steps)
  } catch (error) {
    if (!isProvisionerError(error, 'OUT_OF_CAPACITY')) throw failureReason(error, [])
    throw new OsbError({ code: 'Unprocessable', status: 422, description: error.message, cause: error })
  }
}

async function makeInstance(engine: Engine, recipe: Recipe, ids: InstanceIds, steps: Steps): Promise<InstanceState> {
  const secrets = await ensureSecrets(recipe, steps)
  const resources = instanceResources(recipe, ids)
  try {
    await waitForEngine(() => makeAll(engine, recipe, ids, resources, secrets, steps), steps)
    return { secrets, ...(ids.organization !== undefined && { organization: ids.organization }) }
  } catch (error) {
    steps.signal.throwIfAborted()
    // What another broker or an earlier life of this one made is not ours to remove.
    if (!isProvisionerError(error, 'DOCKER_UNREACHABLE') && !isProvisionerError(error, 'NAME_TAKEN')) {
      // The failure is what the user must see; what a failed clean-up leaves is found by its label at deprovision.
      await resources.remove(engine, AbortSignal.timeout(cleanUpMs)).catch(() => {})
    }
    throw failureReason(error, Object.values(secrets))
  }
}

async function makeAll(
  engine: Engine,
  recipe: Recipe,
  ids: InstanceIds,
  resources: InstanceResources,
  secrets: Secrets,
  { signal, progress }: Steps,
): Promise<void> {
  await progress('getting the image')
  // A report that cannot be written ends the operation at its next own one.
  const onProgress = (text: string) => void progress(`getting the image: ${text}`).catch(() => {})
  const image = await engine.ensureImage(recipe.image, { signal, onProgress })
  await progress('starting the service')
  const service = {
    network: resources.network,
    volumes: resources.volumes(image, secrets, planLimits(recipe, ids.plan_name).diskMb),
    container: resources.container(image, secrets, recipe.versions?.current),
  }
  await engine.ensureService(service, { signal })
  await progress('waiting until the service is ready')
  const timeoutMs = recipe.readyTimeoutMs ?? defaultReadyMs
  const status = await waitUntilReady(engine, resources.names.container, recipe.ready, { timeoutMs, signal })
  await recipe.prepare?.(serviceAccess(engine, recipe, ids, status, secrets, [], signal))
}

/** Secrets are stored before they are used: the next attempt must work with the same ones. */
async function ensureSecrets(recipe: Recipe, { checkpoint, checkpointed }: Steps): Promise<Secrets> {
  const stored = (checkpointed as InstanceState | undefined)?.secrets
  if (stored) return stored
  const secrets = Object.fromEntries((recipe.secrets ?? []).map((name) => [name, makeSecret()]))
  await checkpoint({ secrets } satisfies InstanceState)
  return secrets
}

/** 256 random bits as 43 characters of `[A-Za-z0-9_-]`, good in a URI as they are. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url')
}
