import { pack } from 'tar-stream'
import { isProvisionerError } from '../../errors.js'
import { labels } from '../../labels.js'
import { hashedName } from '../../resource-names.js'
import type { VolumeSpec } from '../engine.js'
import type { DockerClient } from './docker-client.js'

const mountPoint = 'osb-volume'
const maxRounds = 5
const lostHelper = ['NOT_FOUND', 'NAME_TAKEN', 'ENGINE_FAILED'] as const

/**
 * Gives a volume its owner and files. The engine refuses to unpack archives into read-only roots and mounts, so a
 * helper container carries them in. It is created and never started, needs no shell in its image, and shows no content
 * in its arguments, environment or events. Its name is the volume's, so that what a crash left of it is found again;
 * another broker that does the same at the same time may use and remove it, and then it is made anew.
 */
export async function writeVolume(docker: DockerClient, spec: VolumeSpec, signal: AbortSignal): Promise<void> {
  const name = `osbh${hashedName('helper', spec.name)}`
  for (let round = 1; ; round++) {
    try {
      await ensureHelper(docker, name, spec, signal)
      await docker.putArchive(name, volumeArchive(spec), signal)
      return
    } catch (error) {
      // The engine has several answers for a container that is just being removed, some of them of no kind.
      const isLost = lostHelper.some((code) => isProvisionerError(error, code))
      if (!isLost || round === maxRounds) throw error
    } finally {
      await docker.removeContainer(name, AbortSignal.timeout(30_000))
    }
  }
}

async function ensureHelper(docker: DockerClient, name: string, spec: VolumeSpec, signal: AbortSignal): Promise<void> {
  const body = {
    name,
    Image: spec.image,
    // Never run; an image without a command of its own cannot be created otherwise.
    Cmd: ['none'],
    Labels: { ...spec.labels, [labels.role]: 'helper' },
    NetworkDisabled: true,
    HostConfig: { Mounts: [{ Type: 'volume' as const, Source: spec.name, Target: `/${mountPoint}` }] },
  }
  try {
    await docker.createContainer(body, signal)
  } catch (error) {
    if (!isProvisionerError(error, 'NAME_TAKEN')) throw error
  }
}

function volumeArchive({ owner, files }: VolumeSpec) {
  const tar = pack()
  tar.entry({ name: mountPoint, type: 'directory', mode: files ? 0o500 : 0o700, ...owner })
  for (const [name, content] of Object.entries(files ?? {})) {
    tar.entry({ name: `${mountPoint}/${name}`, mode: 0o400, ...owner }, content)
  }
  tar.finalize()
  return tar
}
