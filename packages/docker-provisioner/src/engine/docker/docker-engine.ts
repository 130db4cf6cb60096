import { readFile } from 'node:fs/promises'
import { ProvisionerError } from '../../errors.js'
import { isOurs, type Labels, labels, managedByUs } from '../../labels.js'
import type { CallOptions, Engine, Resource } from '../engine.js'
import { defaultPortRange, type PortRange } from '../ports.js'
import { withDeadline } from '../with-deadline.js'
import { type Connection, connectionOf, type DockerTcp } from './connection.js'
import { type ListedResource, openDocker } from './docker-client.js'
import { ensureDockerContainer, type Publishing, stateOf, toStatus } from './ensure-container.js'
import { ensureDockerImage } from './ensure-image.js'
import { ensureDockerNetwork } from './ensure-network.js'
import { retryLost } from './retry-lost.js'
import { checkSubnetRange, defaultSubnets, parseRoutes, type SubnetRange } from './subnets.js'
import { writeVolume } from './write-volume.js'

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
  /** Where networks of instances get their addresses. Default: subnets of 16 addresses of 10.217.0.0/16. */
  readonly subnets?: SubnetRange
}

const shortMs = 30_000
const longMs = 120_000
const imageMs = 600_000

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

  const engine: Engine = {
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
    ensureNetwork: (spec, call) =>
      repeatable('making the network', call, shortMs, async (signal) =>
        ensureDockerNetwork(docker, spec, subnets, publishing.local ? await hostRoutes() : [], signal),
      ),
    ensureVolume: (spec, call) =>
      repeatable('making the volume', call, longMs, async (signal) => {
        const existing = await docker.volumeLabels(spec.name, signal)
        if (existing && !isOurs(existing)) throw notOurs('volume', spec.name)
        // Creating a volume that exists changes nothing and answers with it, so racing brokers both succeed.
        await docker.createVolume(spec.name, spec.labels, signal)
        await writeVolume(docker, spec, signal)
      }),
    ensureContainer: (spec, call) =>
      repeatable('starting the container', call, longMs, (signal) =>
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
      repeatable(`removing the ${kind}`, call, longMs, (signal) => removers[kind](name, signal)),
  }

  const removers: Record<Resource['kind'], (name: string, signal: AbortSignal) => Promise<void>> = {
    async container(name, signal) {
      const found = await docker.inspectContainer(name, signal)
      if (!found) return
      if (!isOurs(found.labels)) throw notOurs('container', name)
      await docker.removeContainer(found.id, signal)
      await until(async () => (await docker.inspectContainer(found.id, signal)) === undefined, signal)
    },
    async network(name, signal) {
      for (const network of await docker.listNetworks({ name }, signal)) {
        if (network.name !== name) continue
        if (!isOurs(network.labels)) throw notOurs('network', name)
        await docker.removeNetwork(network.id, signal)
      }
    },
    async volume(name, signal) {
      const found = await docker.volumeLabels(name, signal)
      if (!found) return
      if (!isOurs(found)) throw notOurs('volume', name)
      await docker.removeVolume(name, signal)
    },
  }
  return engine
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

/** @throws ProvisionerError `INVALID_RECIPE` where clients would be told an address that is none */
function publishingOf(
  { ports, publishHost = '127.0.0.1', advertiseHost }: DockerEngineOptions,
  { local }: Connection,
): Publishing {
  const everywhere = publishHost === '0.0.0.0' || publishHost === '::'
  if (everywhere && advertiseHost === undefined) {
    const text = `publishHost ${publishHost}: set advertiseHost to the name that clients are to use`
    throw new ProvisionerError('INVALID_RECIPE', text)
  }
  const advertised = advertiseHost ?? publishHost
  const localProbe = everywhere ? '127.0.0.1' : publishHost
  return {
    host: publishHost,
    range: ports ?? defaultPortRange,
    local,
    advertised,
    probe: local ? localProbe : advertised,
  }
}

/** What this host can reach without a gateway or by one of its own; empty where the system does not say. */
async function hostRoutes(): Promise<readonly string[]> {
  return parseRoutes(await readFile('/proc/net/route', 'utf8').catch(() => ''))
}

function notOurs(kind: Resource['kind'], name: string): ProvisionerError {
  return new ProvisionerError('NAME_TAKEN', `the ${kind} ${name} was not made by this broker`)
}

async function until(isDone: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await isDone())) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    signal.throwIfAborted()
  }
}
