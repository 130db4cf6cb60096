import type { ContainerStatus, ServiceSpec } from '../engine.js'
import type { DockerClient } from './docker-client.js'
import { createContainerEarly, ensureDockerContainer } from './ensure-container.js'
import { ensureDockerVolumes, makeVolumes } from './ensure-volumes.js'
import type { Publishing } from './publishing.js'

/**
 * Makes a service. What takes the engine longest is done side by side: the network, the files of the volumes, and the
 * container, which needs both only when it starts. The volumes come first, as the engine would make them for it without
 * labels.
 */
export async function ensureDockerService(
  docker: DockerClient,
  { volumes, container }: ServiceSpec,
  publishing: Publishing,
  ensureNetwork: () => Promise<void>,
  signal: AbortSignal,
): Promise<ContainerStatus> {
  const network = ensureNetwork()
  const made = makeVolumes(docker, volumes, signal)
  const early = made.then(() => createContainerEarly(docker, container, publishing, signal))
  const written = made.then(() => ensureDockerVolumes(docker, volumes, signal))
  const ends = await Promise.allSettled([network, written, early])
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return ensureDockerContainer(docker, container, publishing, signal)
}
