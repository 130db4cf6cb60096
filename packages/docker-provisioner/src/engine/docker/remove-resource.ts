import { setTimeout as sleep } from 'node:timers/promises'
import { isProvisionerError, ProvisionerError } from '../../errors.js'
import { isOurs } from '../../labels.js'
import type { Resource } from '../engine.js'
import type { DockerClient } from './docker-client.js'

type Remover = (docker: DockerClient, name: string, signal: AbortSignal) => Promise<void>

const letGoMs = 10_000

/** Removes what is ours, unless it is gone already. @throws ProvisionerError `NAME_TAKEN`, `IN_USE` */
export function removeResource(
  docker: DockerClient,
  kind: Resource['kind'],
  name: string,
  signal: AbortSignal,
): Promise<void> {
  return removers[kind](docker, name, signal)
}

const removers: Record<Resource['kind'], Remover> = {
  async container(docker, name, signal) {
    const found = await docker.inspectContainer(name, signal)
    if (!found) return
    if (!isOurs(found.labels)) throw notOurs('container', name)
    await docker.removeContainer(found.id, signal)
    await until(async () => (await docker.inspectContainer(found.id, signal)) === undefined, signal)
  },
  async network(docker, name, signal) {
    for (const network of await docker.listNetworks({ name }, signal)) {
      if (network.name !== name) continue
      if (!isOurs(network.labels)) throw notOurs('network', name)
      await whenLetGo(() => docker.removeNetwork(network.id, signal), signal)
    }
  },
  async volume(docker, name, signal) {
    const found = await docker.volumeLabels(name, signal)
    if (!found) return
    if (!isOurs(found)) throw notOurs('volume', name)
    await whenLetGo(() => docker.removeVolume(name, signal), signal)
  },
}

export function notOurs(kind: Resource['kind'], name: string): ProvisionerError {
  return new ProvisionerError('NAME_TAKEN', `the ${kind} ${name} was not made by this broker`)
}

/** Of a container that is gone for its callers the engine lets go of volumes and networks a little later. */
async function whenLetGo(remove: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  const endsAt = Date.now() + letGoMs
  for (;;) {
    try {
      await remove()
      return
    } catch (error) {
      if (!isProvisionerError(error, 'IN_USE') || Date.now() > endsAt) throw error
      await sleep(100, undefined, { signal })
    }
  }
}

async function until(isDone: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await isDone())) {
    await sleep(50, undefined, { signal })
  }
}
