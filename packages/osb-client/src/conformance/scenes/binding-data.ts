import type { SceneContext } from '../scene-context.js'
import { bodyOf, type Sent } from '../sent.js'

type Body = Readonly<Record<string, unknown>>

/** Which rows the two places of a binding's data have, under IDs of their own. */
export interface DataRows {
  readonly drain: string
  readonly route: string
  readonly volume: string
  readonly endpoints: string
  readonly metadata: string
}

export const rowsOfBind: DataRows = {
  drain: 'BIND-45',
  route: 'BIND-48',
  volume: 'BIND-50',
  endpoints: 'BIND-52',
  metadata: 'BIND-42',
}

export const rowsOfFetch: DataRows = {
  drain: 'GETB-15',
  route: 'GETB-17',
  volume: 'GETB-18',
  endpoints: 'GETB-19',
  metadata: 'GETB-12',
}

/** What any binding's data is judged by, wherever it is given. */
export const dataChecks: readonly string[] = [
  ...Object.values(rowsOfBind),
  ...Object.values(rowsOfFetch),
  'BIND-07',
  'BIND-09',
  'BMD-06',
  'BMD-07',
  'END-01',
  'LOG-01',
  'RTE-01',
  'VOL-01',
]

const dataMembers = ['credentials', 'syslog_drain_url', 'route_service_url', 'volume_mounts', 'endpoints']

/** The members of an answer that a binding is used with. */
export function dataIn(sent: Sent): readonly string[] {
  const body = bodyOf(sent)
  return dataMembers.filter((name) => isThere(body[name]))
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** Judges what a bind or a fetch says of a binding that is there. */
export function judgeData(context: SceneContext, sent: Sent, rows: DataRows): void {
  const body = bodyOf(sent)
  judgePermissions(context, sent, body, rows)
  judgePromises(context, sent, body)
  judgeEndpoints(context, sent, body, rows)
  judgeMetadata(context, sent, body, rows)
}

function judgePermissions({ plan, expect, skip }: SceneContext, sent: Sent, body: Body, rows: DataRows): void {
  const requires = plan.offering.requires ?? []
  const need = (check: string, member: string, permission: string) => {
    if (!isThere(body[member])) return skip(check, `the binding has no ${member}`)
    const isDeclared = (requires as readonly string[]).includes(permission)
    const found = requires.length === 0 ? 'no requires' : `requires ${requires.join(', ')}`
    expect(check, isDeclared, `"${permission}" in requires, as the binding has ${member}`, found, sent)
  }
  need(rows.drain, 'syslog_drain_url', 'syslog_drain')
  need(rows.route, 'route_service_url', 'route_forwarding')
  need('RTE-01', 'route_service_url', 'route_forwarding')
  need(rows.volume, 'volume_mounts', 'volume_mount')
}

/** A service that asks for a permission to drain logs or mount volumes has to use it. */
function judgePromises({ plan, expect, skip }: SceneContext, sent: Sent, body: Body): void {
  const requires: readonly string[] = plan.offering.requires ?? []
  const promised = [
    ['LOG-01', 'syslog_drain', 'syslog_drain_url'],
    ['VOL-01', 'volume_mount', 'volume_mounts'],
  ] as const
  for (const [check, permission, member] of promised)
    if (requires.includes(permission)) expect(check, isThere(body[member]), member, presence(body, member), sent)
    else skip(check, `the offering does not require ${permission}`)
}

function presence(body: Body, member: string): string {
  return isThere(body[member]) ? `it has ${member}` : `no ${member}`
}

function judgeEndpoints({ expect, skip }: SceneContext, sent: Sent, body: Body, rows: DataRows): void {
  const { credentials, endpoints } = body
  const isList = Array.isArray(endpoints)
  if (isThere(endpoints)) expect(rows.endpoints, isList, 'an array of endpoints', kindOf(endpoints), sent)
  else skip(rows.endpoints, 'the binding has no endpoints')
  judgeHosts(expect, sent, isList ? endpoints : [])
  const addresses = addressesIn(credentials)
  if (addresses.length === 0) {
    for (const check of ['BIND-07', 'BIND-09']) skip(check, 'the credentials name no host')
    return
  }
  expect('BIND-07', isThere(endpoints), 'endpoints beside the credentials', presence(body, 'endpoints'), sent)
  // The same host may have a name here and an address there, so that which are listed is not compared.
  const isListed = isList && endpoints.length > 0
  const found = isListed ? 'some' : 'none, though the credentials name a host'
  expect('BIND-09', isListed, 'endpoints with the hosts of the credentials', found, sent)
}

/** A list of hosts, a URL or a port in it is no host. */
function judgeHosts(expect: SceneContext['expect'], sent: Sent, endpoints: readonly unknown[]): void {
  for (const endpoint of endpoints) {
    const host = (endpoint as { host?: unknown } | null)?.host
    if (typeof host !== 'string') continue
    const isOne = /^[^\s,;/]+$/.test(host)
    expect('END-01', isOne, 'one host name or IP address', host.slice(0, longestShown), sent)
  }
}

const longestShown = 80
const hostMembers = ['host', 'hostname']

/** The hosts that credentials name, at their top level: members called so, and URIs. */
function addressesIn(credentials: unknown): readonly string[] {
  if (typeof credentials !== 'object' || credentials === null) return []
  return Object.entries(credentials).flatMap(([name, value]) => {
    if (typeof value !== 'string') return []
    if (hostMembers.includes(name)) return [value]
    return name === 'uri' || name === 'url' ? hostOf(value) : []
  })
}

function hostOf(uri: string): readonly string[] {
  // Several hosts in one URI are no URL; what cannot be read is not judged.
  const { hostname } = URL.canParse(uri) ? new URL(uri) : { hostname: '' }
  return hostname === '' || hostname.includes(',') ? [] : [hostname.replace(/^\[|\]$/g, '')]
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value
}

function judgeMetadata({ expect, skip }: SceneContext, sent: Sent, body: Body, rows: DataRows): void {
  const { metadata, credentials } = body
  if (!isThere(metadata)) {
    for (const check of [rows.metadata, 'BMD-06', 'BMD-07']) skip(check, 'the binding has no metadata')
    return
  }
  const told = new Set(textsIn(metadata))
  const leaked = textsIn(credentials).filter((text) => text.length >= shortestSecret && told.has(text))
  const found = leaked.length === 0 ? 'none of them' : 'metadata repeats values of the credentials'
  expect(rows.metadata, leaked.length === 0, 'no values of the credentials in metadata', found, sent)
  const { expires_at, renew_before } = metadata as Body
  const [end, renewal] = [expires_at, renew_before].map((text) => (typeof text === 'string' ? Date.parse(text) : NaN))
  if (end === undefined || renewal === undefined || Number.isNaN(end) || Number.isNaN(renewal)) {
    for (const check of ['BMD-06', 'BMD-07']) skip(check, 'the binding has not both expires_at and renew_before')
    return
  }
  const both = `renew_before ${String(renew_before)}, expires_at ${String(expires_at)}`
  expect('BMD-06', renewal <= end, 'renew_before not after expires_at', both, sent)
  expect('BMD-07', renewal < end, 'time between renew_before and expires_at', both, sent)
}

/** Shorter texts are in both by chance: `5432`, `root`. */
const shortestSecret = 6
const deepest = 20

function textsIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || depth > deepest) return []
  return Object.values(value).flatMap((inner) => textsIn(inner, depth + 1))
}
