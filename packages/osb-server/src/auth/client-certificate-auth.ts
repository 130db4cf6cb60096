import type { X509Certificate } from 'node:crypto'
import type { AuthenticationRequest, Authenticator } from './authenticator.js'
import { type ClientCertificate, describeCertificate } from './client-certificate.js'
import { readForwardedCertificate } from './forwarded-certificate.js'
import { loginOf } from './login-of.js'
import { trustedProxies } from './trusted-proxies.js'

/** Certificates that a proxy has checked and forwards in a header. */
export interface ForwardedCertificates {
  /**
   * Addresses and networks, such as `10.0.0.0/8`, of the proxies that are believed. They must remove the header from
   * requests that come without a certificate.
   */
  readonly proxies: readonly string[]
  /** Default `X-Forwarded-Client-Cert`. */
  readonly header?: string | undefined
}

export interface ClientCertificateAuthOptions {
  /**
   * Decides who a certificate belongs to: a non-empty name for handlers and hooks, or undefined to refuse it. That a
   * trusted authority has signed it says only that it is genuine, not that its owner may come in.
   */
  readonly verify: (certificate: ClientCertificate) => Promise<string | undefined> | string | undefined
  /** Default: only certificates of the broker's own TLS connections count. */
  readonly forwarded?: ForwardedCertificates | undefined
}

/**
 * Logins by client certificate (AUTH-05), from the TLS connection, whose server has to ask for one
 * (`requestCert: true` with the `ca` that is trusted), or forwarded by a configured proxy. What a proxy shows itself
 * is never taken for the client's. Certificates count during their own time of validity only.
 * @throws {TypeError} when an option is not valid
 * @example
 * clientCertificateAuth({
 *   verify: ({ subject }) => (subject['CN']?.[0] === 'cloud_controller' ? 'cloud_controller' : undefined),
 *   forwarded: { proxies: ['10.0.16.0/24'] },
 * })
 */
export function clientCertificateAuth({ verify, forwarded }: ClientCertificateAuthOptions): Authenticator {
  if (typeof verify !== 'function') throw new TypeError('clientCertificateAuth needs a function verify')
  const isProxy = trustedProxies(forwarded?.proxies ?? [])
  const header = (forwarded?.header ?? 'X-Forwarded-Client-Cert').toLowerCase()

  function certificateOf(request: AuthenticationRequest): Uint8Array | undefined {
    if (!isProxy(request.remoteAddress)) return request.clientCertificate
    const value = request.header(header)
    return value === undefined ? undefined : readForwardedCertificate(value)
  }

  return {
    challenge: 'Certificate realm="service broker"',
    async authenticate(request) {
      const der = certificateOf(request)
      const certificate = der && describeCertificate(der)
      return certificate && isInTime(certificate.x509) ? loginOf(await verify(certificate)) : undefined
    },
  }
}

/** A connection, and a proxy's check, may have outlived the certificate. */
function isInTime({ validFrom, validTo }: X509Certificate): boolean {
  const nowMs = Date.now()
  return Date.parse(validFrom) <= nowMs && nowMs < Date.parse(validTo)
}
