/** One server of a service. */
export interface ServiceHost {
  readonly host: string
  readonly port: number | null
}

/** The parts of a connection URI, decoded. */
export interface ConnectionUri {
  /** In lower case, without `jdbc:`. */
  readonly scheme: string
  readonly username: string | null
  readonly password: string | null
  /** IPv6 addresses without brackets. */
  readonly hosts: readonly ServiceHost[]
  /** What follows the slash; null without one. */
  readonly path: string | null
  readonly query: ReadonlyMap<string, string>
}

const host = String.raw`(?:\[[\da-fA-F:.%]+\]|[^:,@/?#[\]]*)`
const hostList = new RegExp(`^${host}(?::\\d*)?(?:,${host}(?::\\d*)?)*(?=[/?#]|$)`)
// A colon without a port is where an unencoded password may begin.
const fullHostList = new RegExp(`^${host}(?::\\d+)?(?:,${host}(?::\\d+)?)*(?=[/?#]|$)`)

/**
 * Takes a connection URI apart: several hosts, `jdbc:`, and user names and passwords with characters that somebody
 * forgot to encode, all of which the URL class refuses or misreads.
 *
 * @returns undefined when it is none
 */
export function parseConnectionUri(text: string): ConnectionUri | undefined {
  const [, jdbc, scheme, rest] = /^(jdbc:)?([a-z][a-z\d+.-]*):\/\/(.*)$/is.exec(text.trim()) ?? []
  if (scheme === undefined || rest === undefined) return undefined
  const at = endOfUserinfo(rest)
  const location = rest.slice(at === -1 ? 0 : at + 1)
  const hosts = hostList.exec(location)?.[0]
  if (hosts === undefined) return undefined
  const [, path, query = ''] = /^(?:\/([^?#]*))?(?:\?([^#]*))?/.exec(location.slice(hosts.length)) ?? []
  const parameters = parseQuery(query, jdbc !== undefined)
  const [username, password] = at === -1 ? [] : splitUserinfo(rest.slice(0, at))
  return {
    scheme: scheme.toLowerCase(),
    // JDBC has them in the query, and some brokers write plain URIs that way too.
    username: username ?? parameters.get('user') ?? null,
    password: password ?? parameters.get('password') ?? null,
    hosts: hosts.split(',').map(parseHost),
    path: path === undefined ? null : decode(path),
    query: parameters,
  }
}

/** The last `@` that hosts follow; one inside an unencoded password is passed over. */
function endOfUserinfo(rest: string): number {
  const end = rest.search(/[/?#]/)
  const authority = end === -1 ? rest : rest.slice(0, end)
  if (authority.includes('@')) return authority.lastIndexOf('@')
  // Without one, `user:pa/ss@host` looks like a host with a port that is no number.
  if (fullHostList.test(rest)) return -1
  let at = rest.lastIndexOf('@')
  for (let tries = 0; at > 0 && tries < 100; tries++) {
    if (hostList.test(rest.slice(at + 1))) return at
    at = rest.lastIndexOf('@', at - 1)
  }
  return -1
}

function splitUserinfo(userinfo: string): [username: string | null, password: string | null] {
  const colon = userinfo.indexOf(':')
  const [username, password] = colon === -1 ? [userinfo] : [userinfo.slice(0, colon), userinfo.slice(colon + 1)]
  return [
    username === '' ? null : decode(username),
    password === undefined || password === '' ? null : decode(password),
  ]
}

function parseHost(text: string): ServiceHost {
  const [, bracketed, plain, port] = /^(?:\[(.*)\]|([^:]*))(?::(\d*))?$/.exec(text) ?? []
  return { host: decode(bracketed ?? plain ?? ''), port: port ? Number(port) : null }
}

function parseQuery(query: string, isForm: boolean): ReadonlyMap<string, string> {
  const pairs = query.split('&').filter((pair) => pair !== '')
  return new Map(
    pairs.map((pair) => {
      const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? []
      // JDBC drivers decode as forms are decoded, all others leave a plus alone.
      return [decode(name), decode(isForm ? value.replaceAll('+', ' ') : value)]
    }),
  )
}

/** Decoded, or as it stands where it was not encoded: `100%` is a password too. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Encoded for any part of a URI, with the characters that `encodeURIComponent` leaves alone. */
export function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** `user:password@`, encoded; empty when there is neither. */
export function userinfoOf(username: string | null, password: string | null): string {
  if (username === null && password === null) return ''
  return `${encode(username ?? '')}${password === null ? '' : `:${encode(password)}`}@`
}

/** `host:port`, with brackets around an IPv6 address. */
export function authorityOf({ host, port }: ServiceHost): string {
  const name = host.includes(':') ? `[${host}]` : host
  return port === null ? name : `${name}:${port}`
}
