import { randomUUID } from 'node:crypto'
import type { JsonObject } from 'osb-protocol'
import { assertNameIsFree } from './create-instance.js'
import { findInstance } from './find.js'
import { beginning, ended } from './operations.js'
import { PlatformError } from './platform-error.js'
import type { UserProvidedInstance } from './state.js'
import type { World } from './world.js'

/** What a user-provided instance gives to the apps that are bound to it. */
export interface UserProvidedService {
  readonly credentials?: JsonObject | undefined
  readonly syslog_drain_url?: string | undefined
  readonly route_service_url?: string | undefined
  readonly tags?: readonly string[] | undefined
}

/** Makes a user-provided instance; see {@link Platform.createUserProvided}. */
export async function createUserProvided(
  world: World,
  name: string,
  given: UserProvidedService,
): Promise<UserProvidedInstance> {
  return world.file.change((state) => {
    assertNameIsFree(state, name)
    const begun = beginning(world, 'create')
    const instance: UserProvidedInstance = {
      guid: randomUUID(),
      name,
      type: 'user-provided',
      space_guid: state.target.space_guid,
      tags: [...(given.tags ?? [])],
      created_at: begun.created_at,
      last_operation: ended(world, begun, 'succeeded'),
      credentials: given.credentials ?? {},
      syslog_drain_url: given.syslog_drain_url ?? null,
      route_service_url: given.route_service_url ?? null,
    }
    state.instances.push(instance)
    return structuredClone(instance)
  })
}

/** Changes what is given of a user-provided instance; the rest stays. */
export async function updateUserProvided(
  world: World,
  name: string,
  given: UserProvidedService,
): Promise<UserProvidedInstance> {
  return world.file.change((state) => {
    const instance = findInstance(state, name)
    if (instance.type !== 'user-provided') {
      const message = `service instance ${name} is not user-provided`
      throw new PlatformError('NOT_SUPPORTED', message, 'Change it with "osb update-service".')
    }
    const { tags, ...others } = given
    const changes = Object.entries(others).filter(([, value]) => value !== undefined)
    Object.assign(instance, Object.fromEntries(changes), tags && { tags: [...tags] })
    instance.last_operation = ended(world, beginning(world, 'update'), 'succeeded')
    return structuredClone(instance)
  })
}
