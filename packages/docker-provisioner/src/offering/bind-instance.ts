import type { BindResult, HandlerContext } from 'osb-server'
import type { ContainerStatus, Engine } from '../engine/engine.js'
import { ProvisionerError } from '../errors.js'
import type { Recipe } from '../recipes/recipe.js'
import { bindingUsername } from '../resource-names.js'
import { failureReason } from './failure-reason.js'
import { type InstanceIds, instanceResources } from './instance-resources.js'
import { type InstanceState, makeSecret } from './provision-instance.js'
import { serviceAccess } from './service-access.js'
import { restoreKept } from './update-instance.js'
import { waitForEngine } from './wait-for-engine.js'

type Steps = Pick<HandlerContext, 'signal' | 'progress' | 'checkpoint' | 'checkpointed'>

export interface BindingIds extends InstanceIds {
  readonly binding_id: string
}

/** Makes the login of a binding; done again it ends with the same login and password. */
export async function bindInstance(
  engine: Engine,
  recipe: Recipe,
  ids: BindingIds,
  state: InstanceState,
  parameters: Readonly<Record<string, unknown>>,
  steps: Steps,
): Promise<BindResult> {
  const password = await ensurePassword(steps)
  const { tenant, instance_id, binding_id } = ids
  const username = bindingUsername(tenant, instance_id, binding_id)
  try {
    return await waitForEngine(async () => {
      const status = await runningService(engine, recipe, ids, state, steps.signal)
      if (!status) throw new ProvisionerError('NOT_FOUND', 'the service of this instance is gone')
      const access = serviceAccess(engine, recipe, ids, status, state.secrets, [password], steps.signal)
      return withEndpoints(access, await recipe.bind({ ...access, binding_id, username, password, parameters }))
    }, steps)
  } catch (error) {
    throw failureReason(error, [...Object.values(state.secrets), password])
  }
}

/** Says where the service is (BIND-07, BIND-09), where its recipe does not. */
function withEndpoints(
  { host, ports }: Pick<ReturnType<typeof serviceAccess>, 'host' | 'ports'>,
  result: BindResult,
): BindResult {
  const published = Object.values(ports).map(String)
  if (result.endpoints !== undefined || published.length === 0) return result
  return { ...result, endpoints: [{ host, ports: published }] }
}

/** Takes the login of a binding away; where the service is gone there is nothing to take. */
export async function unbindInstance(
  engine: Engine,
  recipe: Recipe,
  ids: BindingIds,
  state: InstanceState,
  steps: Steps,
): Promise<void> {
  const { tenant, instance_id, binding_id } = ids
  const username = bindingUsername(tenant, instance_id, binding_id)
  try {
    await waitForEngine(async () => {
      const status = await runningService(engine, recipe, ids, state, steps.signal)
      if (!status) return
      const access = serviceAccess(engine, recipe, ids, status, state.secrets, [], steps.signal)
      await recipe.unbind?.({ ...access, binding_id, username })
    }, steps)
  } catch (error) {
    throw failureReason(error, Object.values(state.secrets))
  }
}

/**
 * Starts what somebody stopped or what ended, and brings back what an update kept that was ended in the middle: a login
 * cannot be made or taken away in a service that stands still.
 */
async function runningService(
  engine: Engine,
  recipe: Recipe,
  ids: InstanceIds,
  state: InstanceState,
  signal: AbortSignal,
): Promise<ContainerStatus | undefined> {
  const { container, keptContainer } = instanceResources(recipe, ids).names
  const [current, kept] = await Promise.all(
    [container, keptContainer].map((name) => engine.inspectContainer(name, { signal })),
  )
  if (current?.state === 'running' && !kept) return current
  if (!current && !kept) return undefined
  return restoreKept(engine, recipe, ids, state, signal)
}

async function ensurePassword({ checkpoint, checkpointed }: Steps): Promise<string> {
  const stored = (checkpointed as { readonly password?: string } | undefined)?.password
  if (stored !== undefined) return stored
  const password = makeSecret()
  await checkpoint({ password })
  return password
}
