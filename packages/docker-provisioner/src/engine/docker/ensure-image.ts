import { isProvisionerError, ProvisionerError } from '../../errors.js'
import type { ImageSource, LocalImage } from '../engine.js'
import type { DockerClient } from './docker-client.js'

/** Makes sure that an image is on the engine. @returns its reference */
export async function ensureDockerImage(
  docker: DockerClient,
  source: ImageSource,
  signal: AbortSignal,
): Promise<string> {
  const local = typeof source === 'string' ? undefined : await source()
  const reference = local?.reference ?? (source as string)
  if (await docker.hasImage(reference)) return reference
  try {
    await (local ? make(docker, local, signal) : docker.pullImage(reference, signal))
  } catch (error) {
    if (isProvisionerError(error) && error.retryable) throw error
    signal.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    throw new ProvisionerError('IMAGE_UNAVAILABLE', `the image ${reference} cannot be had: ${reason}`, { cause: error })
  }
  if (!(await docker.hasImage(reference))) {
    throw new ProvisionerError('IMAGE_UNAVAILABLE', `the image ${reference} is not there after it was fetched`)
  }
  return reference
}

async function make(docker: DockerClient, local: LocalImage, signal: AbortSignal): Promise<void> {
  if (local.base !== undefined) await ensureDockerImage(docker, local.base, signal)
  const tar = local.tar()
  await (local.kind === 'rootfs'
    ? docker.importImage(tar, local.reference, local.changes ?? [], signal)
    : docker.buildImage(tar, local.reference, signal))
}
