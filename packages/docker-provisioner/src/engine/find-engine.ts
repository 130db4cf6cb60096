import { isProvisionerError, ProvisionerError } from '../errors.js'
import { dockerEngine } from './docker/docker-engine.js'
import { embeddedEngine } from './embedded/embedded-engine.js'
import type { Engine } from './engine.js'
import type { PortRange } from './ports.js'

export interface FindEngineOptions {
  /** Which one must be taken. Default: Docker where one answers, else the embedded engine. */
  readonly engine?: Engine['kind'] | undefined
  /** Where the embedded engine keeps everything. */
  readonly folder: string
  /** Host ports to give to services. Default: 20000 to 29999. */
  readonly ports?: PortRange | undefined
}

const answerMs = 3_000

/**
 * Finds an engine: the Docker that `DOCKER_HOST` names or that listens on the usual socket, else processes on this host.
 * @throws ProvisionerError `DOCKER_UNREACHABLE` if Docker is asked for and does not answer within 3 s
 * @example const engine = await findEngine({ folder: join(tmpdir(), 'services') })
 */
export async function findEngine(options: FindEngineOptions): Promise<Engine> {
  const ports = options.ports === undefined ? {} : { ports: options.ports }
  const embedded = () => embeddedEngine({ folder: options.folder, ...ports })
  if (options.engine === 'embedded') return embedded()
  const docker = dockerEngine(ports)
  try {
    await docker.info({ timeoutMs: answerMs })
    return docker
  } catch (error) {
    if (options.engine !== 'docker') return embedded()
    const reason = isProvisionerError(error) ? error.message : String(error)
    throw new ProvisionerError('DOCKER_UNREACHABLE', `no Docker engine answers: ${reason}`, { cause: error })
  }
}
