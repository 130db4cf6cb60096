import { readFile } from 'node:fs/promises'
import { ProvisionerError } from '../../errors.js'
import { defaultPortRange, type PortRange } from '../ports.js'
import type { Connection } from './connection.js'
import { parseRoutes } from './subnets.js'

/** Where services are published, and what is told of it. */
export interface Publishing {
  /** Address to publish on. */
  readonly host: string
  /** What clients are told. */
  readonly advertised: string
  /** Where this process reaches published ports. */
  readonly probe: string
  readonly range: PortRange
  /** Whether the engine's ports can be tried from this process. */
  readonly local: boolean
  /** Network by which alone services are reached, in place of published ports. */
  readonly network?: string | undefined
}

interface PublishingOptions {
  readonly ports?: PortRange
  readonly publishHost?: string
  readonly advertiseHost?: string
  readonly network?: string
}

/** @throws ProvisionerError `INVALID_RECIPE` where clients would be told an address that is none */
export function publishingOf(
  { ports, publishHost = '127.0.0.1', advertiseHost, network }: PublishingOptions,
  { local }: Connection,
): Publishing {
  if (network !== undefined && advertiseHost !== undefined) {
    const text = `network ${network}: services are reached by their own names there, so leave advertiseHost out`
    throw new ProvisionerError('INVALID_RECIPE', text)
  }
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
    network,
    advertised,
    probe: local ? localProbe : advertised,
  }
}

/** What this host can reach without a gateway or by one of its own; empty where the system does not say. */
export async function hostRoutes(): Promise<readonly string[]> {
  return parseRoutes(await readFile('/proc/net/route', 'utf8').catch(() => ''))
}
