import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { isProvisionerError, ProvisionerError } from '../../errors.js'
import type { ImageRequest, ImageSource, LocalImage } from '../image-source.js'
import type { DockerClient } from './docker-client.js'

const stallMs = 60_000

type OnProgress = ((text: string) => void) | undefined

/** Makes sure that an image is on the engine. @returns its reference */
export async function ensureDockerImage(
  docker: DockerClient,
  source: ImageSource,
  signal: AbortSignal,
  onProgress?: OnProgress,
): Promise<string> {
  if (typeof source === 'function') {
    const local = await source()
    const make = () => makeImage(docker, local, signal)
    return getImage(docker, { reference: local.reference }, make, signal)
  }
  const request = typeof source === 'string' ? { reference: source } : source
  return getImage(docker, request, () => fetchImage(docker, request, signal, onProgress), signal)
}

async function getImage(
  docker: DockerClient,
  { reference, policy = 'missing' }: ImageRequest,
  get: () => Promise<void>,
  signal: AbortSignal,
): Promise<string> {
  if (policy !== 'always' && (await docker.hasImage(reference, signal))) return reference
  if (policy === 'never') {
    const text = `the image ${reference} is not on the engine, and its policy is never to fetch it`
    throw new ProvisionerError('IMAGE_UNAVAILABLE', text)
  }
  try {
    await get()
  } catch (error) {
    if (isProvisionerError(error) && error.retryable) throw error
    signal.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    throw new ProvisionerError('IMAGE_UNAVAILABLE', `the image ${reference} cannot be had: ${reason}`, { cause: error })
  }
  if (!(await docker.hasImage(reference, signal))) {
    throw new ProvisionerError('IMAGE_UNAVAILABLE', `the image ${reference} is not there after it was fetched`)
  }
  return reference
}

async function fetchImage(
  docker: DockerClient,
  { reference, archive, login }: ImageRequest,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<void> {
  if (archive === undefined) return docker.pullImage(reference, login, { stallMs, onProgress }, signal)
  onProgress?.(`loading ${archive}`)
  // Opened first: a file that cannot be read is told from a load that fails.
  const file = await open(archive)
  await docker.loadImage(createReadStream('', { fd: file }), signal)
}

async function makeImage(docker: DockerClient, local: LocalImage, signal: AbortSignal): Promise<void> {
  if (local.base !== undefined) await ensureDockerImage(docker, local.base, signal)
  const tar = local.tar()
  await (local.kind === 'rootfs'
    ? docker.importImage(tar, local.reference, local.changes ?? [], signal)
    : docker.buildImage(tar, local.reference, signal))
}
