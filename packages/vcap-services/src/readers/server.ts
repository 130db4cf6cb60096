import { parseConnectionUri, type ConnectionUri, type ServiceHost } from './connection-uri.js'
import { need, passwordNames, toPort, userNames, type Fields } from './fields.js'
import { decideTls, type TlsSettings } from './tls.js'

/** A server with its port. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/** What all services have that are reached by host and port. */
export interface ServerService {
  /** Every server, the first of them in `host` and `port` again. */
  readonly hosts: readonly ServerAddress[]
  readonly host: string
  readonly port: number
  readonly username: string | null
  readonly password: string | null
  /** Null for a connection without TLS. */
  readonly tls: TlsSettings | null
}

export interface ServerKind {
  /** The schemes of its URIs, without `jdbc:`. */
  readonly schemes: RegExp
  readonly defaultPort: number
  /** The default port where there is TLS; by default the same. */
  readonly tlsPort?: number
  /** A field with the port for TLS, whose presence says that there is TLS. */
  readonly tlsPortField?: string
}

const uriNames = ['uri', 'url', 'connectionstring', 'connectionuri', 'jdbcurl', 'jdbcuri', 'databaseurl'] as const

/**
 * The first URI of a scheme, with the hosts of all that `uris` lists, and with parameters that only another URI has:
 * there are services whose `jdbcUrl` alone asks for TLS.
 */
export function findUri(fields: Fields, schemes: RegExp): ConnectionUri | undefined {
  const parse = (texts: readonly (string | null)[]) =>
    texts
      .map((text) => (text === null ? undefined : parseConnectionUri(text)))
      .filter((uri) => uri !== undefined && schemes.test(uri.scheme)) as ConnectionUri[]
  const listed = parse(fields.list('uris', 'urls'))
  const all = [...parse(uriNames.map((name) => fields.text(name))), ...listed]
  const [first] = all
  if (first === undefined) return undefined
  const query = new Map(all.toReversed().flatMap((uri) => [...uri.query]))
  const hosts = listed.filter(({ scheme }) => scheme === first.scheme).flatMap((uri) => uri.hosts)
  return { ...first, query, hosts: first.hosts.length === 1 && hosts.length > 1 ? hosts : first.hosts }
}

/**
 * Reads host, port, login and TLS. Fields count before the URI, as nobody encodes them; the URI fills in what they do
 * not say, and counts for the hosts when it has several.
 */
export function readServer(fields: Fields, kind: ServerKind, uri = findUri(fields, kind.schemes)): ServerService {
  const tlsPort = kind.tlsPortField === undefined ? null : fields.text(kind.tlsPortField)
  const tls = decideTls(fields, uri, [tlsPort])
  const hosts = findHosts(fields, uri)
  const stated = tls !== null && tlsPort !== null ? tlsPort : fields.text('port')
  const fallback = (tls === null ? undefined : kind.tlsPort) ?? kind.defaultPort
  const common = stated === null ? (uri?.hosts[0]?.port ?? fallback) : toPort(fields, 'port', stated)
  const addresses = hosts.map(({ host, port }) => ({ host, port: toAddressPort(fields, port, common) }))
  const [first] = addresses
  const { host, port } = need(fields, 'host', first)
  return {
    hosts: addresses,
    host,
    port,
    username: fields.text(...userNames) ?? uri?.username ?? null,
    password: rawText(fields, passwordNames) ?? uri?.password ?? null,
    tls,
  }
}

function toAddressPort(fields: Fields, port: number | null, common: number): number {
  return port === null ? common : toPort(fields, 'port', String(port))
}

function findHosts(fields: Fields, uri: ConnectionUri | undefined): readonly ServiceHost[] {
  const ofUri = (uri?.hosts ?? []).filter(({ host }) => host !== '')
  if (ofUri.length > 1) return ofUri
  const listed = fields.list('hosts', 'hostnames', 'nodeips')
  const single = fields.text('host', 'hostname', 'server')
  const names = listed.length > 1 || single === null ? listed : [single]
  return names.length === 0 ? ofUri : names.map(toHost)
}

function toHost(text: string): ServiceHost {
  const [, name = text, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? []
  return { host: name.replaceAll(/^\[|\]$/g, ''), port: port === undefined ? null : Number(port) }
}

// A password keeps the spaces around it.
function rawText(fields: Fields, names: readonly string[]): string | null {
  const value = fields.value(...names)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}
