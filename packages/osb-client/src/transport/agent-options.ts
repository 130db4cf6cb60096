import { X509Certificate } from 'node:crypto'
import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls'

/** Where proxies are named. */
export type BrokerProxy = 'environment'

/** TLS of the connections to a broker. Certificates and keys are PEM, as text or bytes. */
export interface BrokerTls {
  /** Who may have signed the broker's certificate, in place of the authorities that Node knows (AUTH-03). */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined
  /** The client's own certificate, with those between it and its authority. */
  readonly cert?: string | Uint8Array | undefined
  readonly key?: string | Uint8Array | undefined
  /** Of `key`, when it is encrypted. */
  readonly passphrase?: string | undefined
  /** The name that the certificate must be for, and that is asked for (SNI), where it is not that of the URL. */
  readonly servername?: string | undefined
  /**
   * SHA-256 fingerprints of certificates, in hexadecimal with or without colons: the broker must have one of these, and
   * be trusted as well. To trust a self-signed certificate, give it as `ca`.
   */
  readonly fingerprint256?: string | readonly string[] | undefined
  /**
   * `true`: believe any certificate. Whoever is between can read and change everything, so the process warns of it
   * (`process.on('warning')`, code `OSB_INSECURE_TLS`). Not with `ca`, `fingerprint256` or `servername`.
   * @default false
   */
  readonly insecure?: boolean | undefined
}

/** The code of the error of a certificate that is not the pinned one. */
export const pinErrorCode = 'ERR_OSB_CERT_NOT_PINNED'

/**
 * Checks `tls` and `proxy` before anything is connected.
 * @throws {TypeError} when one cannot be used; keys are not repeated
 */
export function assertAgentOptions({ tls, proxy }: { tls?: BrokerTls | undefined; proxy?: unknown }): void {
  if (proxy !== undefined && proxy !== 'environment')
    throw new TypeError("proxy must be 'environment'; for a proxy of your own give a ProxyAgent as dispatcher")
  if (!tls) return
  if ((tls.cert === undefined) !== (tls.key === undefined)) throw new TypeError('tls.cert and tls.key go together')
  if (tls.insecure && (tls.ca ?? tls.fingerprint256 ?? tls.servername) !== undefined)
    throw new TypeError('tls.insecure checks nothing: leave it out, or ca, fingerprint256 and servername')
  fingerprintsOf(tls)
  for (const ca of [tls.ca ?? []].flat()) assertCertificate('tls.ca', ca)
  if (tls.cert !== undefined) assertCertificate('tls.cert', tls.cert)
}

/** Node takes an unreadable `ca` without a word, and then trusts nobody. */
function assertCertificate(name: string, pem: string | Uint8Array): void {
  try {
    new X509Certificate(pem)
  } catch {
    throw new TypeError(`${name} must be a certificate in PEM form`)
  }
}

/** The options that Node's TLS gets, for a connection to the broker itself. */
export function connectionOptionsOf(tls: BrokerTls | undefined): ConnectionOptions {
  if (!tls) return {}
  const { ca, cert, key, passphrase, servername, insecure } = tls
  const pins = fingerprintsOf(tls)
  return {
    ...(ca !== undefined && { ca: ca as NonNullable<ConnectionOptions['ca']> }),
    ...(cert !== undefined && { cert: cert as string }),
    ...(key !== undefined && { key: key as string }),
    ...(passphrase !== undefined && { passphrase }),
    ...(servername !== undefined && { servername }),
    ...(insecure && { rejectUnauthorized: false }),
    ...(pins.length > 0 && { checkServerIdentity: pinning(pins) }),
  }
}

/** Says, with a warning of the process, that nothing protects the connections. */
export function warnWhereInsecure(tls: BrokerTls | undefined): void {
  if (!tls?.insecure) return
  process.emitWarning('tls.insecure: the certificate of the broker is not checked; use tls.ca to trust its authority', {
    type: 'SecurityWarning',
    code: 'OSB_INSECURE_TLS',
  })
}

function fingerprintsOf({ fingerprint256 = [] }: BrokerTls): string[] {
  return [fingerprint256].flat().map((text) => {
    const hex = text.replaceAll(':', '').toUpperCase()
    if (!/^[0-9A-F]{64}$/.test(hex)) throw new TypeError('tls.fingerprint256 must be 64 hexadecimal digits')
    return hex
  })
}

function pinning(pins: readonly string[]): (host: string, certificate: PeerCertificate) => Error | undefined {
  return (host, certificate) => {
    const fault = checkServerIdentity(host, certificate)
    if (fault) return fault
    const isPinned = pins.includes(certificate.fingerprint256.replaceAll(':', ''))
    if (isPinned) return undefined
    return Object.assign(new Error('the certificate of the broker is none of tls.fingerprint256'), {
      code: pinErrorCode,
    })
  }
}
