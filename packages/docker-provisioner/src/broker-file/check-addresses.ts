import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import type { FileIssue } from './broker-file-error.js'
import type { LoadedBrokerFile } from './read-broker-file.js'

type DockerPart = Extract<NonNullable<LoadedBrokerFile['config']['engine']>, { kind: 'docker' }>

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])
const everywhere = new Set(['0.0.0.0', '::'])

export function isLoopback(host: string): boolean {
  return loopback.has(host)
}

/** What is wrong with where services are published, and what is unwise of it. */
export async function checkAddresses(
  { issue }: Pick<LoadedBrokerFile, 'issue'>,
  { publishHost = '127.0.0.1', advertiseHost, tcp, network }: DockerPart,
) {
  const [errors, warnings] = [[] as FileIssue[], [] as FileIssue[]]
  const published = (text: string) => issue('engine.publishHost', text)
  const advertised = (text: string) => issue('engine.advertiseHost', text)
  if (network !== undefined) return { errors, warnings }
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? [])
  if (everywhere.has(publishHost)) {
    warnings.push(
      published(`${publishHost} lets every network in that reaches the host; Docker passes by its firewall`),
    )
  } else if (!tcp && !isLoopback(publishHost) && !own.includes(publishHost)) {
    errors.push(published(`${publishHost} is no address of this host, so no service can be published there`))
  }
  if (advertiseHost === undefined) return { errors, warnings }
  if (isLoopback(publishHost) && !isLoopback(advertiseHost)) {
    warnings.push(advertised(`services are published on ${publishHost}, so nobody reaches them at ${advertiseHost}`))
    return { errors, warnings }
  }
  const reached = everywhere.has(publishHost) ? (tcp ? undefined : own) : [publishHost]
  const found = await lookup(advertiseHost, { all: true }).catch(() => [])
  if (found.length === 0) warnings.push(advertised(`${advertiseHost} is not known to the name service here`))
  else if (reached && !found.some(({ address }) => reached.includes(address))) {
    const addresses = found.map(({ address }) => address).join(', ')
    warnings.push(
      advertised(
        `${advertiseHost} is ${addresses}, but services are published on ${publishHost}; good only if that leads here`,
      ),
    )
  }
  return { errors, warnings }
}
