import { isOurs } from '../../labels.js'
import type { VolumeSpec } from '../engine.js'
import type { DockerClient } from './docker-client.js'
import { notOurs } from './remove-resource.js'
import { writeVolumes } from './write-volumes.js'

/** Makes sure that volumes of ours are there, with their owners and files. */
export async function ensureDockerVolumes(
  docker: DockerClient,
  specs: readonly VolumeSpec[],
  signal: AbortSignal,
): Promise<void> {
  if (specs.length === 0) return
  await makeVolumes(docker, specs, signal)
  await writeVolumes(docker, specs, signal)
}

/** The same without owners and files. */
export async function makeVolumes(
  docker: DockerClient,
  specs: readonly VolumeSpec[],
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(specs.map((spec) => ensureVolume(docker, spec, signal)))
}

async function ensureVolume(docker: DockerClient, spec: VolumeSpec, signal: AbortSignal): Promise<void> {
  const existing = await docker.volumeLabels(spec.name, signal)
  if (existing && !isOurs(existing)) throw notOurs('volume', spec.name)
  // Creating a volume that exists changes nothing and answers with it, so racing brokers both succeed.
  if (!existing) await docker.createVolume(spec.name, spec.labels, spec.sizeMb, signal)
}
