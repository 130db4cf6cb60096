import { isProvisionerError, ProvisionerError } from '../../errors.js'
import { isOurs } from '../../labels.js'
import type { NetworkSpec } from '../engine.js'
import type { DockerClient, ListedNetwork } from './docker-client.js'
import { freeSubnets, type SubnetRange } from './subnets.js'

const maxRounds = 50

/**
 * Makes sure that one network has the name, on a small subnet of the range: the engine's own pools end after about 31
 * networks. Docker lets two racing creates of a name both succeed (`CheckDuplicate` is a best effort), so the oldest
 * stays and whoever finds others removes them: no container starts on a name that two networks have.
 * @param routed subnets that this host can reach otherwise, which a network must not hide
 */
export async function ensureDockerNetwork(
  docker: DockerClient,
  spec: NetworkSpec,
  range: SubnetRange,
  routed: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const all = await docker.listNetworks({}, signal)
  const existing = named(all, spec.name)
  if (existing.length === 0) await create(docker, spec, range, routed, all, signal)
  const found =
    existing.length === 1 ? existing : named(await docker.listNetworks({ name: spec.name }, signal), spec.name)
  for (const younger of found.slice(1)) await docker.removeNetwork(younger.id, signal)
}

/** @throws ProvisionerError `NOT_FOUND` where the engine has no network of this name */
export async function demandNetwork(docker: DockerClient, name: string, signal: AbortSignal): Promise<void> {
  const found = await docker.listNetworks({ name }, signal)
  if (found.some((network) => network.name === name)) return
  throw new ProvisionerError('NOT_FOUND', `the engine has no network ${name}; make it: docker network create ${name}`)
}

/** Tries one free subnet after the other: another broker may take one between our look and our call. */
async function create(
  docker: DockerClient,
  spec: NetworkSpec,
  range: SubnetRange,
  routed: readonly string[],
  all: readonly ListedNetwork[],
  signal: AbortSignal,
): Promise<void> {
  const refused: string[] = []
  let existing = all
  for (let round = 0; round < maxRounds; round++) {
    const taken = existing.flatMap(({ subnets }) => subnets)
    const [subnet] = freeSubnets(spec.name, range, [...taken, ...routed, ...refused])
    if (subnet === undefined) break
    try {
      await docker.createNetwork(spec.name, spec.labels, subnet, signal)
      return
    } catch (error) {
      if (isProvisionerError(error, 'NAME_TAKEN')) return
      if (!isProvisionerError(error, 'SUBNET_TAKEN')) throw error
      refused.push(subnet)
      existing = await docker.listNetworks({}, signal)
    }
  }
  throw new ProvisionerError('OUT_OF_CAPACITY', `no subnet of ${range.range} is free for another network`)
}

function named(networks: readonly ListedNetwork[], name: string): readonly ListedNetwork[] {
  // The engine's name filter matches parts of names too.
  const found = networks.filter((network) => network.name === name)
  if (found.some((network) => !isOurs(network.labels))) {
    throw new ProvisionerError('NAME_TAKEN', `the network ${name} was not made by this broker`)
  }
  return found.sort((a, b) => (`${a.created}${a.id}` < `${b.created}${b.id}` ? -1 : 1))
}
