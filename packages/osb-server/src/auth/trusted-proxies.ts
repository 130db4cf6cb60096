import { BlockList, isIP } from 'node:net'

/**
 * Whether an address is one of a list of addresses and networks such as `10.0.0.0/8` or `::1`.
 * @throws {TypeError} when an entry is neither
 */
export function trustedProxies(entries: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList()
  for (const entry of entries) addEntry(list, entry)
  return (address) => {
    const family = address === undefined ? undefined : familyOf(address)
    // A server that listens to both families sees IPv4 clients as ::ffff:10.0.0.1; the list knows that form.
    return address !== undefined && family !== undefined && list.check(address, family)
  }
}

function addEntry(list: BlockList, entry: string): void {
  const [address = '', prefix, ...more] = entry.split('/')
  const family = familyOf(address)
  const bits = prefix === undefined || !/^\d{1,3}$/.test(prefix) ? Number.NaN : Number(prefix)
  if (family !== undefined && prefix === undefined) return list.addAddress(address, family)
  if (family !== undefined && more.length === 0 && bits <= (family === 'ipv4' ? 32 : 128))
    return list.addSubnet(address, bits, family)
  throw new TypeError(`"${entry}" is neither an IP address nor a network such as 10.0.0.0/8`)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined
}
