import { createHash } from 'node:crypto'
import { ProvisionerError } from '../../errors.js'

/** Addresses that networks of instances may have. */
export interface SubnetRange {
  /** IPv4, such as `10.217.0.0/16`; nothing else on the engine's host may use it. */
  readonly range: string
  /** Length of each network's prefix. Default: 28, which is 13 containers. */
  readonly prefixLength?: number | undefined
}

/** 4,096 networks; beside the ranges of Docker, Kubernetes and the common home and office routers. */
export const defaultSubnets: SubnetRange = { range: '10.217.0.0/16' }

interface Block {
  readonly first: number
  readonly size: number
}

/** @throws ProvisionerError `INVALID_RECIPE` where it is no IPv4 range with room for one network */
export function checkSubnetRange({ range, prefixLength = 28 }: SubnetRange): void {
  const block = parse(range)
  const fits = Number.isInteger(prefixLength) && prefixLength <= 30 && block && 2 ** (32 - prefixLength) <= block.size
  if (!block || !fits || block.first % block.size !== 0) {
    throw new ProvisionerError(
      'INVALID_RECIPE',
      `subnets ${range} with prefix length ${prefixLength}: write an IPv4 range such as 10.217.0.0/16 and a length from its own to 30`,
    )
  }
}

/**
 * The subnets of a range that overlap with none of those taken, in an order that depends on the name only: brokers that
 * look at once for different names begin at different places.
 */
export function* freeSubnets(
  name: string,
  { range, prefixLength = 28 }: SubnetRange,
  taken: readonly string[],
): Generator<string> {
  const all = parse(range)
  if (!all) return
  const size = 2 ** (32 - prefixLength)
  const count = all.size / size
  const start = createHash('sha256').update(name).digest().readUInt32BE() % count
  const others = taken.flatMap((subnet) => parse(subnet) ?? [])
  for (let index = 0; index < count; index++) {
    const first = all.first + ((start + index) % count) * size
    if (!others.some((other) => first < other.first + other.size && other.first < first + size)) {
      yield `${format(first)}/${prefixLength}`
    }
  }
}

/** The subnets in `/proc/net/route`, without the default route: addresses there are hexadecimal and back to front. */
export function parseRoutes(text: string): readonly string[] {
  const routes = text
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
  return routes.flatMap(([, destination = '', , , , , , mask = '']) => {
    if (!/^[0-9A-F]{8}$/.test(destination) || !/^[0-9A-F]{8}$/.test(mask) || mask === '00000000') return []
    const bits = [...number(mask).toString(2)].filter((bit) => bit === '1').length
    return [`${format(number(destination))}/${bits}`]
  })
}

function number(backToFront: string): number {
  return Buffer.from(backToFront, 'hex').readUInt32LE()
}

/** @returns undefined for what is no IPv4 subnet */
function parse(subnet: string): Block | undefined {
  const [, a = '', b = '', c = '', d = '', length = ''] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(subnet) ?? []
  const bytes = [a, b, c, d].map(Number)
  if (a === '' || bytes.some((byte) => byte > 255) || Number(length) > 32) return undefined
  const size = 2 ** (32 - Number(length))
  const address = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return { first: subnet.endsWith('/0') ? 0 : address, size }
}

function format(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}
