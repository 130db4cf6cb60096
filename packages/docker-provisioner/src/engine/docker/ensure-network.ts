import { isProvisionerError, ProvisionerError } from '../../errors.js'
import { isOurs } from '../../labels.js'
import type { NetworkSpec } from '../engine.js'
import type { DockerClient } from './docker-client.js'

/**
 * Makes sure that one network has the name. Docker lets two racing creates both succeed (`CheckDuplicate` is a best
 * effort), so the oldest stays and whoever finds its own not to be the oldest removes it.
 */
export async function ensureDockerNetwork(docker: DockerClient, spec: NetworkSpec, signal: AbortSignal): Promise<void> {
  if ((await named(docker, spec.name, signal)).length > 0) return
  const id = await docker.createNetwork(spec.name, spec.labels, signal).catch((error: unknown) => {
    if (isProvisionerError(error, 'NAME_TAKEN')) return undefined
    throw error
  })
  const [oldest] = await named(docker, spec.name, signal)
  if (id !== undefined && oldest !== undefined && oldest.id !== id) await docker.removeNetwork(id, signal)
}

async function named(docker: DockerClient, name: string, signal: AbortSignal) {
  // The engine's name filter matches parts of names too.
  const found = (await docker.listNetworks({ name }, signal)).filter((network) => network.name === name)
  if (found.some((network) => !isOurs(network.labels))) {
    throw new ProvisionerError('NAME_TAKEN', `the network ${name} was not made by this broker`)
  }
  return found.sort((a, b) => (`${a.created}${a.id}` < `${b.created}${b.id}` ? -1 : 1))
}
