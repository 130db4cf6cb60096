import { isOsbError, OperationHalted } from 'osb-server'
import type { ContainerSpec, ContainerStatus, Engine } from '../engine/engine.js'
import { fingerprint } from '../engine/fingerprint.js'
import { isProvisionerError } from '../errors.js'
import { labels } from '../labels.js'
import { waitUntilReady } from '../ready/wait-until-ready.js'
import type { Recipe } from '../recipes/recipe.js'
import { chooseVersion } from './choose-version.js'
import { failureReason } from './failure-reason.js'
import { type InstanceIds, instanceResources } from './instance-resources.js'
import { defaultReadyMs, type InstanceState, type Steps } from './provision-instance.js'
import { serviceAccess } from './service-access.js'
import { volumeBackup } from './volume-backup.js'
import { waitForEngine } from './wait-for-engine.js'

const rollbackMs = 60_000
/** Data that were copied before an upgrade have to be copied back. */
const copyBackMs = 1_800_000

/**
 * Moves an instance to another plan or version: a new container on the same volumes and ports takes the place of the old one,
 * which is stopped and kept until the new one has proved itself, and comes back if it does not. One writer at a time.
 * Another image gets the data only after they were copied, and what comes back finds them as they were. Every step may be
 * done again after a crash.
 */
export async function updateInstance(
  engine: Engine,
  recipe: Recipe,
  before: InstanceIds,
  after: InstanceIds,
  state: InstanceState,
  steps: Steps,
): Promise<void> {
  try {
    await waitForEngine(() => replaceContainer(engine, recipe, before, after, state, steps), steps)
  } catch (error) {
    if (goesOnElsewhere(steps.signal) || isOsbError(error)) throw error
    const secrets = Object.values(state.secrets)
    // Nothing can be taken back without the engine; the same update later goes on from where this one stands.
    if (isProvisionerError(error, 'DOCKER_UNREACHABLE'))
      throw failureReason(error, secrets, { update_repeatable: true })
    const instance_usable = await restoreKept(engine, recipe, before, state, rollbackSignal(recipe)).then(
      () => true,
      () => false,
    )
    steps.signal.throwIfAborted()
    throw failureReason(error, secrets, { instance_usable, update_repeatable: true })
  }
}

/** Whether another attempt, here or elsewhere, goes on with the operation, so that nothing is to be taken back. */
function goesOnElsewhere({ aborted, reason }: AbortSignal): boolean {
  return aborted && !(reason instanceof OperationHalted && (reason.why === 'deadline' || reason.why === 'time-out'))
}

async function replaceContainer(
  engine: Engine,
  recipe: Recipe,
  before: InstanceIds,
  after: InstanceIds,
  { secrets }: InstanceState,
  { signal, progress }: Steps,
): Promise<void> {
  const resources = instanceResources(recipe, after)
  const backup = volumeBackup(engine, resources, signal)
  const { container: name, keptContainer: kept } = resources.names
  await progress('getting the image')
  const [current, old] = await inspectBoth(engine, name, kept, signal)
  // The kept one is what the instance has, as long as what stands in its place has not proved itself.
  const { version, isUpgrade, ...chosen } = chooseVersion(recipe, before, after, old ?? current)
  const image = chosen.image ?? (await engine.ensureImage(recipe.image, { signal }))
  const spec = resources.container(image, secrets, version)
  await progress('replacing the service')
  await moveAside(engine, spec, kept, current, old, signal)
  if (isUpgrade && !(await engine.inspectContainer(spec.name, { signal }))) {
    await progress('copying the data')
    await backup.make(image)
  }
  await engine.ensureNetwork(resources.network, { signal })
  await engine.ensureVolumes(resources.volumes(image, secrets), { signal })
  await engine.ensureContainer({ ...spec, portsOf: kept }, { signal })
  await progress('waiting until the service is ready')
  await settle(engine, recipe, after, secrets, signal)
  if (recipe.versions) await backup.retire()
  await engine.remove({ kind: 'container', name: kept }, { signal })
  if (recipe.versions) await backup.drop()
}

async function inspectBoth(engine: Engine, name: string, kept: string, signal: AbortSignal) {
  return Promise.all([engine.inspectContainer(name, { signal }), engine.inspectContainer(kept, { signal })])
}

async function moveAside(
  engine: Engine,
  spec: ContainerSpec,
  kept: string,
  current: ContainerStatus | undefined,
  old: ContainerStatus | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (!current || current.labels[labels.spec] === fingerprint(spec)) return
  await engine.stopContainer(spec.name, { signal })
  // With an older one kept beside it, this is what an earlier update left that never proved itself.
  if (old) await engine.remove({ kind: 'container', name: spec.name }, { signal })
  else await engine.renameContainer(spec.name, kept, { signal })
}

async function settle(
  engine: Engine,
  recipe: Recipe,
  ids: InstanceIds,
  secrets: InstanceState['secrets'],
  signal: AbortSignal,
): Promise<ContainerStatus> {
  const timeoutMs = recipe.readyTimeoutMs ?? defaultReadyMs
  const name = instanceResources(recipe, ids).names.container
  const status = await waitUntilReady(engine, name, recipe.ready, { timeoutMs, signal })
  const access = serviceAccess(engine, recipe, ids, status, secrets, [], signal)
  await recipe.prepare?.(access)
  // The plan may give more than the one before; whoever has still too much is held to it at the next look.
  if (typeof recipe.storage === 'object') await recipe.storage.release(access)
  return status
}

function rollbackSignal({ readyTimeoutMs = defaultReadyMs, versions }: Recipe): AbortSignal {
  return AbortSignal.timeout(readyTimeoutMs + rollbackMs + (versions ? copyBackMs : 0))
}

/**
 * Brings back the container that an update kept, if there is one: what stands in its place never proved itself. Starts
 * what stands still.
 */
export async function restoreKept(
  engine: Engine,
  recipe: Recipe,
  ids: InstanceIds,
  { secrets }: InstanceState,
  signal: AbortSignal,
): Promise<ContainerStatus> {
  const resources = instanceResources(recipe, ids)
  const { container: name, keptContainer: kept } = resources.names
  const backup = volumeBackup(engine, resources, signal)
  const old = await engine.inspectContainer(kept, { signal })
  if (old) {
    await engine.remove({ kind: 'container', name }, { signal })
    await backup.restore(old.labels[labels.image] ?? '')
    await engine.renameContainer(kept, name, { signal })
  }
  await engine.startContainer(name, { signal })
  const status = await settle(engine, recipe, ids, secrets, signal)
  if (old) await backup.drop()
  return status
}
