import { isProvisionerError, ProvisionerError } from '../../errors.js'
import { labels } from '../../labels.js'
import { hashedName } from '../../resource-names.js'
import type { VolumeCopy } from '../engine.js'
import type { DockerClient } from './docker-client.js'

const script = 'set -eu; cd /to; rm -rf -- ..?* .[!.]* *; cp -a /from/. /to/'
const lastLines = 5

/**
 * Copies by a container that sees nothing but the two volumes. One that a crash left is removed first: nobody knows how
 * far it came.
 * @throws ProvisionerError `COMMAND_FAILED` with what it wrote
 */
export async function copyDockerVolume(docker: DockerClient, copy: VolumeCopy, signal: AbortSignal): Promise<void> {
  const name = `osbh${hashedName('copy', copy.from, copy.to)}`
  await docker.removeContainer(name, signal)
  try {
    const id = await docker.createContainer(options(name, copy), signal)
    await docker.startContainer(id, signal)
    const exitCode = await docker.waitForContainer(id, signal)
    if (exitCode === 0) return
    const lines = await docker.logs(id, lastLines, signal)
    throw new ProvisionerError('COMMAND_FAILED', `the copy of the volume ended with exit code ${exitCode}`, {
      lastLines: lines,
    })
  } catch (error) {
    // Another broker does the same at this moment; whoever looks next finds it done.
    if (!isProvisionerError(error, 'NAME_TAKEN')) throw error
    throw new ProvisionerError('DOCKER_UNREACHABLE', 'the volume is being copied by another broker', { cause: error })
  } finally {
    await docker.removeContainer(name, AbortSignal.timeout(30_000))
  }
}

function options(name: string, { from, to, owner, image, labels: own }: VolumeCopy) {
  const mount = (volume: string, path: string, readOnly: boolean) => ({
    Type: 'volume' as const,
    Source: volume,
    Target: path,
    ReadOnly: readOnly,
    VolumeOptions: { NoCopy: true } as never,
  })
  return {
    name,
    Image: image,
    Entrypoint: ['sh', '-c', script],
    Cmd: [],
    User: `${owner.uid}:${owner.gid}`,
    Labels: { ...own, [labels.role]: 'helper' },
    NetworkDisabled: true,
    HostConfig: {
      Mounts: [mount(from, '/from', true), mount(to, '/to', false)],
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
    },
  }
}
