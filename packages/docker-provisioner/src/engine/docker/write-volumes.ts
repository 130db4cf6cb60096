import { setTimeout as sleep } from 'node:timers/promises'
import { pack } from 'tar-stream'
import { isProvisionerError } from '../../errors.js'
import { labels } from '../../labels.js'
import { hashedName } from '../../resource-names.js'
import type { VolumeSpec } from '../engine.js'
import type { DockerClient } from './docker-client.js'

const maxRounds = 8
/** Rounds in which a helper of this name may be another broker's at work; after them it is what a crash left. */
const patientRounds = 3
const lostHelper = ['NOT_FOUND', 'NAME_TAKEN', 'ENGINE_FAILED'] as const

/**
 * Gives volumes their owners and files. The engine refuses to unpack archives into read-only roots and mounts, so one
 * helper container carries them all in. It is created and never started, needs no shell in its image, and shows no
 * content in its arguments, environment or events. Its name is the volumes', so that what a crash left of it is found
 * again, and so that of two brokers one waits for the other.
 */
export async function writeVolumes(
  docker: DockerClient,
  specs: readonly VolumeSpec[],
  signal: AbortSignal,
): Promise<void> {
  const name = `osbh${hashedName('helper', ...specs.map((spec) => spec.name))}`
  for (let round = 1; ; round++) {
    try {
      await writeByHelper(docker, name, specs, signal)
      return
    } catch (error) {
      // The engine has several answers for a container that is just being removed, some of them of no kind.
      const isLost = lostHelper.some((code) => isProvisionerError(error, code))
      if (!isLost || round === maxRounds) throw error
    }
    if (round > patientRounds) await docker.removeContainer(name, signal)
    else await sleep(100 * 2 ** round, undefined, { signal })
  }
}

async function writeByHelper(
  docker: DockerClient,
  name: string,
  specs: readonly VolumeSpec[],
  signal: AbortSignal,
): Promise<void> {
  const id = await docker.createContainer(helper(name, specs), signal)
  try {
    await docker.putArchive(id, volumesArchive(specs), signal)
  } finally {
    await docker.removeContainer(id, AbortSignal.timeout(30_000))
  }
}

function helper(name: string, specs: readonly VolumeSpec[]) {
  const [first] = specs
  return {
    name,
    Image: first?.image ?? '',
    // Never run; an image without a command of its own cannot be created otherwise.
    Cmd: ['none'],
    Labels: { ...first?.labels, [labels.role]: 'helper' },
    NetworkDisabled: true,
    HostConfig: {
      Mounts: specs.map((spec, index) => ({
        Type: 'volume' as const,
        Source: spec.name,
        Target: `/${folderOf(index)}`,
      })),
    },
  }
}

function folderOf(index: number): string {
  return `osb-volume-${index}`
}

function volumesArchive(specs: readonly VolumeSpec[]) {
  const tar = pack()
  for (const [index, { owner, files }] of specs.entries()) {
    const folder = folderOf(index)
    tar.entry({ name: folder, type: 'directory', mode: files ? 0o500 : 0o700, ...owner })
    for (const [name, content] of Object.entries(files ?? {})) {
      tar.entry({ name: `${folder}/${name}`, mode: 0o400, ...owner }, content)
    }
  }
  tar.finalize()
  return tar
}
