import { ProvisionerError } from '../../errors.js'
import { isOurs, type Labels, labels, managedByUs } from '../../labels.js'
import type { Engine, NetworkSpec, Resource } from '../engine.js'
import type { CallOptions } from '../call-options.js'
import type { PortRange } from '../ports.js'
import { withDeadline } from '../with-deadline.js'
import { connectionOf, type DockerTcp } from './connection.js'
import { type ListedResource, openDocker } from './docker-client.js'
import { ensureDockerContainer, stateOf, toStatus } from './ensure-container.js'
import { ensureDockerImage } from './ensure-image.js'
import { demandNetwork, ensureDockerNetwork } from './ensure-network.js'
import { hostRoutes, publishingOf } from './publishing.js'
import { removeResource } from './remove-resource.js'
import { retryLost } from './retry-lost.js'
import { checkSubnetRange, defaultSubnets, type SubnetRange } from './subnets.js'
import { readStats } from './read-stats.js'
import { copyDockerVolume } from './copy-volume.js'
import { ensureDockerService } from './ensure-service.js'
import { ensureDockerVolumes } from './ensure-volumes.js'

export interface DockerEngineOptions {
  /** Default: what `DOCKER_HOST` says, else the usual socket. */
  readonly socketPath?: string
  /** An engine of another host, by TLS with client certificates; set `publishHost` to an address of that host. */
  readonly tcp?: DockerTcp
  /** Host ports to publish services on. Default: 20000 to 29999. */
  readonly ports?: PortRange
  /** Address to publish on. Default: `127.0.0.1`. `0.0.0.0` lets every network in that reaches the host. */
  readonly publishHost?: string
  /** Host name or address that credentials have. Default: `publishHost`; must be given where that is `0.0.0.0`. */
  readonly advertiseHost?: string
  /**
   * An existing network of the engine that services join in place of one of their own. No port is published then: they are
   * reached from other containers of this network, by the container's name, on the ports inside. Default: none.
   */
  readonly network?: string
  /** Where networks of instances get their addresses. Default: subnets of 16 addresses of 10.217.0.0/16. */
  readonly subnets?: SubnetRange
}

const shortMs = 30_000
const longMs = 120_000
const imageMs = 600_000
const copyMs = 1_800_000

/**
 * Runs services as hardened containers of a Docker engine (20.10 or newer). Opens no connection by itself.
 * @example const engine = dockerEngine({ ports: { first: 21_000, last: 21_999 } })
 */
export function dockerEngine(options: DockerEngineOptions = {}): Engine {
  const connection = connectionOf(options, process.env)
  const docker = openDocker(connection)
  const publishing = publishingOf(options, connection)
  const subnets = options.subnets ?? defaultSubnets
  checkSubnetRange(subnets)

  const find = async (name: string, signal: AbortSignal) => {
    const found = await docker.inspectContainer(name, signal)
    return found && isOurs(found.labels) ? found : undefined
  }
  const get = async (name: string, signal: AbortSignal) => {
    const found = await find(name, signal)
    if (!found) throw new ProvisionerError('NOT_FOUND', `there is no container ${name} of this broker`)
    return found
  }

  const ensureNetwork = async (spec: NetworkSpec, signal: AbortSignal) =>
    publishing.network === undefined
      ? ensureDockerNetwork(docker, spec, subnets, publishing.local ? await hostRoutes() : [], signal)
      : demandNetwork(docker, publishing.network, signal)

  return {
    kind: 'docker',
    info: (call) =>
      withDeadline('asking Docker for its version', call, shortMs, async (signal) => {
        const { Version: version } = await docker.version(signal)
        return { kind: 'docker', description: `Docker ${version}` }
      }),
    hasImage: (reference, call) =>
      repeatable('looking for the image', call, shortMs, (signal) => docker.hasImage(reference, signal)),
    ensureImage: (source, call) =>
      repeatable('getting the image', call, imageMs, (signal) =>
        ensureDockerImage(docker, source, signal, call?.onProgress),
      ),
    saveImages: (references, call) =>
      repeatable('saving the images', call, shortMs, () =>
        docker.saveImages(references, call?.signal ?? new AbortController().signal),
      ),
    ensureNetwork: (spec, call) => making('making the network', call, shortMs, (signal) => ensureNetwork(spec, signal)),
    ensureService: (spec, call) =>
      making('making the service', call, longMs, (signal) =>
        ensureDockerService(docker, spec, publishing, () => ensureNetwork(spec.network, signal), signal),
      ),
    ensureVolumes: (specs, call) =>
      making('making the volumes', call, longMs, (signal) => ensureDockerVolumes(docker, specs, signal)),
    copyVolume: (copy, call) =>
      making('copying the volume', call, copyMs, (signal) => copyDockerVolume(docker, copy, signal)),
    ensureContainer: (spec, call) =>
      making('starting the container', call, longMs, (signal) =>
        ensureDockerContainer(docker, spec, publishing, signal),
      ),
    startContainer: (name, call) =>
      repeatable('starting the container', call, longMs, async (signal) =>
        docker.startContainer((await get(name, signal)).id, signal),
      ),
    stopContainer: (name, call) =>
      repeatable('stopping the container', call, longMs, async (signal) =>
        docker.stopContainer((await get(name, signal)).id, signal),
      ),
    renameContainer: (from, to, call) =>
      repeatable('renaming the container', call, shortMs, async (signal) => {
        const found = await find(from, signal)
        if (found) await docker.renameContainer(found.id, to, signal)
        else await get(to, signal)
      }),
    inspectContainer: (name, call) =>
      repeatable('inspecting the container', call, shortMs, async (signal) => {
        const found = await find(name, signal)
        return found && toStatus(name, found, publishing)
      }),
    exec: (name, command, call) =>
      withDeadline('the command', call, 60_000, async (signal) => {
        const { id, status } = await get(name, signal)
        if (status !== 'running') throw new ProvisionerError('NOT_RUNNING', `the container ${name} does not run`)
        return docker.exec(id, command, call?.stdin ?? '', signal)
      }),
    stats: (name, call) =>
      repeatable('reading the use', call, shortMs, async (signal) => {
        const { id, status } = await get(name, signal)
        if (status !== 'running') throw new ProvisionerError('NOT_RUNNING', `the container ${name} does not run`)
        return readStats(await docker.stats(id, signal))
      }),
    logs: (name, call) =>
      repeatable('reading the log', call, shortMs, async (signal) =>
        docker.logs((await get(name, signal)).id, call?.lines ?? 50, signal),
      ),
    list: (wanted, call) =>
      repeatable('listing', call, shortMs, async (signal) => {
        const filter: Labels = { ...wanted, [labels.managedBy]: managedByUs }
        const [containers, networks, volumes] = await Promise.all([
          docker.listContainers(filter, signal),
          docker.listNetworks(filter, signal),
          docker.listVolumes(filter, signal),
        ])
        const as =
          (kind: Resource['kind']) =>
          ({ name, labels: found, createdAtMs }: ListedResource): Resource => ({
            kind,
            name,
            labels: found,
            createdAtMs,
          })
        return [
          ...containers.map((item) => ({ ...as('container')(item), state: stateOf(item.status) })),
          ...networks.map(as('network')),
          ...volumes.map(as('volume')),
        ]
      }),
    remove: ({ kind, name }, call) =>
      repeatable(`removing the ${kind}`, call, longMs, (signal) => removeResource(docker, kind, name, signal)),
  }
}

/** A call with a deadline that changes nothing when it is done again. */
function repeatable<T>(
  what: string,
  call: CallOptions | undefined,
  defaultMs: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withDeadline(what, call, defaultMs, (signal) => retryLost(() => run(signal), signal))
}

/** The same for what makes something: it has ended when the call has, also when it was aborted. */
function making<T>(
  what: string,
  call: CallOptions | undefined,
  defaultMs: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withDeadline(what, call, defaultMs, (signal) => retryLost(() => run(signal), signal), 'await')
}
