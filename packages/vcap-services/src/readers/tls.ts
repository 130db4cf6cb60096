import { mask } from '../mask.js'
import type { ConnectionUri } from './connection-uri.js'
import type { Fields } from './fields.js'
import { toPem } from './pem.js'

/** How a service is reached by TLS. */
export interface TlsSettings {
  /** `full` checks the certificate and the host's name, `ca` the certificate alone, `none` nothing. */
  readonly verify: 'full' | 'ca' | 'none'
  /** Certificates to trust, as PEM; null for those of Node. */
  readonly ca: string | null
  /** The client's certificate, as PEM. */
  readonly cert: string | null
  /** Its private key, as PEM. */
  readonly key: string | null
}

/** Options of `node:tls`, as all drivers take them. */
export interface TlsOptions {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly rejectUnauthorized: boolean
  readonly checkServerIdentity?: () => undefined
}

const modeNames = ['sslmode', 'tlsmode', 'ssl', 'tls', 'usessl', 'usetls', 'sslenabled', 'tlsenabled', 'enablessl']
const moreModeNames = ['requiressl', 'sslrequired', 'sslconnection', 'requiretls']
const secureSchemes = /^(?:rediss|amqps|mysqls|https|smtps|mongodb\+srv|postgress)$/
const off = /^(?:disabled?|false|off|no|0)$/
const on = /^(?:require[ds]?|verify.*|no-?verify|true|on|yes|1|enabled?)$/
const unverified = /^no-?verify$/

/**
 * Decides on TLS in the same way for every service: what a field says, else what a parameter of the URI says, else the
 * scheme, else whether there is anything to use TLS with. `prefer` and `allow` say nothing, as no driver of Node can
 * fall back. Certificates are verified unless the service says not to.
 *
 * @returns null for a connection without TLS
 */
export function decideTls(
  fields: Fields,
  uri: ConnectionUri | undefined,
  hints: readonly unknown[] = [],
): TlsSettings | null {
  const material = readMaterial(fields, uri)
  const query = new Map([...(uri?.query ?? [])].map(([name, value]) => [name.toLowerCase().replaceAll('-', ''), value]))
  const said = [
    ...[...modeNames, ...moreModeNames].map((name) => fields.value(name)),
    ...[...modeNames, ...moreModeNames].map((name) => query.get(name)),
  ]
  const words = said.map(toWord).filter((word) => on.test(word) || off.test(word))
  const hasMaterial = [material.ca, material.cert, ...hints].some((item) => item !== null && item !== undefined)
  const [decisive] = words
  const isOn = decisive === undefined ? secureSchemes.test(uri?.scheme ?? '') || hasMaterial : on.test(decisive)
  return isOn ? mask({ verify: decideVerify(fields, query, words), ...material }) : null
}

function toWord(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'true'
  return ['string', 'number', 'boolean'].includes(typeof value)
    ? String(value).trim().toLowerCase().replaceAll('_', '-')
    : ''
}

function decideVerify(
  fields: Fields,
  query: ReadonlyMap<string, string>,
  words: readonly string[],
): TlsSettings['verify'] {
  const said = (name: string) => toWord(fields.value(name) ?? query.get(name))
  const isRefused = ['verifyservercertificate', 'rejectunauthorized', 'sslverify', 'tlsverify'].some((name) =>
    off.test(said(name)),
  )
  const isWaived = [
    'tlsinsecure',
    'tlsallowinvalidcertificates',
    'insecure',
    'skipsslvalidation',
    'trustservercertificate',
  ].some((name) => on.test(said(name)))
  if (isRefused || isWaived || words.some((word) => unverified.test(word))) return 'none'
  return words.includes('verify-ca') || on.test(said('tlsallowinvalidhostnames')) ? 'ca' : 'full'
}

const caNames = [
  'ca',
  'cacert',
  'cacertificate',
  'cacrt',
  'sslrootcert',
  'rootca',
  'rootcert',
  'serverca',
  'servercacert',
  'cacertificatebase64',
]

function readMaterial(fields: Fields, uri: ConnectionUri | undefined): Omit<TlsSettings, 'verify'> {
  // `tls: { cert: { ca } }` is how Tanzu writes it.
  const nested = fields.inside('tls', 'ssl')
  const places = [fields, nested, nested?.inside('cert', 'certs')].filter((place) => place !== undefined)
  const find = (...names: readonly string[]) => {
    const values = [
      ...places.flatMap((place) => names.map((name) => place.value(name))),
      ...names.map((name) => uri?.query.get(name)),
    ]
    return values.map(toPem).find((pem) => pem !== null) ?? null
  }
  const key = find('clientkey', 'sslkey', 'clientprivatekey', 'tlskey', 'key')
  const cert = find('clientcert', 'sslcert', 'clientcertificate', 'tlscert', 'cert')
  const ca = find(...caNames)
  // A certificate without its key is one to trust: SAP's PostgreSQL calls it `sslcert`.
  if (key === null && cert !== null) return { ca: `${ca ?? ''}${cert}`, cert: null, key: null }
  return { ca, cert, key: cert === null ? null : key }
}

/** The options of `node:tls` for such settings. */
export function toTlsOptions({ verify, ca, cert, key }: TlsSettings): TlsOptions {
  return mask({
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
    rejectUnauthorized: verify !== 'none',
    ...(verify === 'ca' ? { checkServerIdentity: () => undefined } : {}),
  })
}
