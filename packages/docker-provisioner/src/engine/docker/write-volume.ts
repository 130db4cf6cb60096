import { randomBytes } from 'node:crypto'
import { pack } from 'tar-stream'
import { labels } from '../../labels.js'
import type { VolumeSpec } from '../engine.js'
import type { DockerClient } from './docker-client.js'

const mountPoint = 'osb-volume'

/**
 * Gives a volume its owner and files. The engine refuses to unpack archives into read-only roots and mounts, so a
 * helper container carries them in. It is created and never started, needs no shell in its image, and shows no content
 * in its arguments, environment or events.
 */
export async function writeVolume(docker: DockerClient, spec: VolumeSpec, signal: AbortSignal): Promise<void> {
  const id = await docker.createContainer(
    {
      name: `osbh${randomBytes(12).toString('hex')}`,
      Image: spec.image,
      // Never run; an image without a command of its own cannot be created otherwise.
      Cmd: ['none'],
      Labels: { ...spec.labels, [labels.role]: 'helper' },
      NetworkDisabled: true,
      HostConfig: { Mounts: [{ Type: 'volume', Source: spec.name, Target: `/${mountPoint}` }] },
    },
    signal,
  )
  try {
    await docker.putArchive(id, volumeArchive(spec), signal)
  } finally {
    await docker.removeContainer(id, AbortSignal.timeout(30_000))
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
