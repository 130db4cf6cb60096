import { setTimeout as sleep } from 'node:timers/promises'
import { isProvisionerError, ProvisionerError } from '../../errors.js'
import { isOurs, labels, managedByUs } from '../../labels.js'
import type { ContainerSpec, ContainerStatus } from '../engine.js'
import { fingerprint } from '../fingerprint.js'
import { candidatePorts, isPortFree } from '../ports.js'
import { containerOptions, readPlacement, readPublished } from './container-options.js'
import type { DockerClient, InspectedContainer } from './docker-client.js'
import type { Publishing } from './publishing.js'

const maxRounds = 20

/**
 * Makes sure that the container exists and runs. The engine's own refusals are the guards: a second container of the
 * same name is refused at create, a taken port at start. Each round looks again at what is there and goes on from it.
 */
export async function ensureDockerContainer(
  docker: DockerClient,
  spec: ContainerSpec,
  publishing: Publishing,
  signal: AbortSignal,
): Promise<ContainerStatus> {
  const refusedPorts = new Set<number>()
  for (let round = 0; round < maxRounds; round++) {
    const existing = await docker.inspectContainer(spec.name, signal)
    if (!existing) {
      const isPublished = publishing.network === undefined
      const ports = isPublished ? await choosePorts(docker, spec, publishing, refusedPorts, signal) : {}
      await create(docker, spec, ports, publishing, signal)
      continue
    }
    assertSame(spec, existing)
    if (existing.status === 'running' || existing.status === 'restarting') {
      return toStatus(spec.name, existing, publishing)
    }
    try {
      await docker.startContainer(existing.id, signal)
      const started = await docker.inspectContainer(existing.id, signal)
      if (started) return toStatus(spec.name, started, publishing)
    } catch (error) {
      if (isProvisionerError(error, 'NOT_FOUND')) continue
      // Another broker made a second network of the name, and removes it in a moment.
      if (isProvisionerError(error, 'NAME_TAKEN') && round < maxRounds - 1) {
        await sleep(100, undefined, { signal })
        continue
      }
      if (!isProvisionerError(error, 'PORT_TAKEN') || existing.status !== 'created') throw error
      // Bindings know the ports that it took over; no other ones would do.
      if (spec.portsOf !== undefined) throw error
      // It never ran, so nobody knows its ports yet. Removed by id: another broker may have made a new one by now.
      for (const port of Object.values(readPublished(existing.labels).ports)) refusedPorts.add(port)
      await docker.removeContainer(existing.id, signal)
    }
  }
  throw new ProvisionerError('PORT_TAKEN', `no free port was found for ${spec.name} in ${maxRounds} attempts`)
}

/**
 * Creates the container, whose network may not be there yet; it is not started. An engine that cannot do so is no failure:
 * `ensureDockerContainer` does it later, and finds out what else is wrong.
 */
export async function createContainerEarly(
  docker: DockerClient,
  spec: ContainerSpec,
  publishing: Publishing,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (await docker.inspectContainer(spec.name, signal)) return
    const isPublished = publishing.network === undefined
    const ports = isPublished ? await choosePorts(docker, spec, publishing, new Set(), signal) : {}
    await create(docker, spec, ports, publishing, signal)
  } catch (error) {
    if (!isProvisionerError(error)) throw error
  }
}

async function create(
  docker: DockerClient,
  spec: ContainerSpec,
  ports: Readonly<Record<string, number>>,
  publishing: Publishing,
  signal: AbortSignal,
): Promise<void> {
  try {
    await docker.createContainer(containerOptions(spec, ports, publishing), signal)
  } catch (error) {
    if (!isProvisionerError(error, 'NAME_TAKEN')) throw error
  }
}

function assertSame(spec: ContainerSpec, existing: InspectedContainer): void {
  if (!isOurs(existing.labels)) {
    throw new ProvisionerError('NAME_TAKEN', `the container ${spec.name} was not made by this broker`)
  }
  if (existing.labels[labels.spec] !== fingerprint(spec)) {
    throw new ProvisionerError('NAME_TAKEN', `the container ${spec.name} exists with another specification`)
  }
}

async function choosePorts(
  docker: DockerClient,
  spec: ContainerSpec,
  { host, range, local }: Publishing,
  refused: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const replaced = spec.portsOf === undefined ? undefined : await docker.inspectContainer(spec.portsOf, signal)
  const takenOver = replaced ? readPublished(replaced.labels).ports : {}
  const ours = await docker.listContainers({ [labels.managedBy]: managedByUs }, signal)
  const taken = new Set(ours.flatMap((container) => Object.values(readPublished(container.labels).ports)))
  const candidates = candidatePorts(spec.name, range)
    .filter((port) => !refused.has(port) && !taken.has(port))
    .values()
  const chosen: Record<string, number> = {}
  for (const name of Object.keys(spec.ports)) {
    const held = takenOver[name]
    if (held !== undefined) {
      chosen[name] = held
      continue
    }
    const port = await firstFree(candidates, local ? host : undefined)
    if (port === undefined)
      throw new ProvisionerError('PORT_TAKEN', `all ports from ${range.first} to ${range.last} are taken`)
    chosen[name] = port
  }
  return chosen
}

async function firstFree(candidates: Iterator<number>, host: string | undefined): Promise<number | undefined> {
  for (let next = candidates.next(); !next.done; next = candidates.next()) {
    if (host === undefined || (await isPortFree(host, next.value))) return next.value
  }
  return undefined
}

export function toStatus(
  name: string,
  found: InspectedContainer,
  { advertised, probe }: Pick<Publishing, 'advertised' | 'probe'>,
): ContainerStatus {
  const { place, published } = readPlacement(found.labels)
  const network = found.labels[labels.network]
  // The name is known inside of the network only; this process reaches the address, as every process of the host does.
  const reached =
    network === undefined
      ? { host: advertised, probeHost: probe, ports: published.ports }
      : { host: name, probeHost: found.addresses[network] ?? '', ports: place.ports }
  return {
    name,
    state: stateOf(found.status),
    restarts: found.restarts,
    labels: found.labels,
    ...reached,
    place,
    health: healthOf(found.health),
  }
}

function healthOf(text: string | undefined): ContainerStatus['health'] {
  return text === 'starting' || text === 'healthy' || text === 'unhealthy' ? text : 'none'
}

/** A state in the engine's words as one of ours. */
export function stateOf(status: string): ContainerStatus['state'] {
  if (status === 'running' || status === 'created' || status === 'restarting') return status
  return 'stopped'
}
