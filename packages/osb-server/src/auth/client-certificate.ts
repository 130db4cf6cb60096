import { X509Certificate } from 'node:crypto'

/** A client certificate, read. */
export interface ClientCertificate {
  /** Attributes of the subject by their short names, such as `CN` and `OU`; each can be there several times. */
  readonly subject: Readonly<Record<string, readonly string[]>>
  /** Subject alternative names with their kinds, such as `DNS:cc.example` and `URI:spiffe://example/cc`. */
  readonly alternativeNames: readonly string[]
  /** SHA-256 of the DER form, in lower-case hexadecimal digits without separators. */
  readonly fingerprint: string
  /** All that Node knows of it. */
  readonly x509: X509Certificate
}

/** @returns undefined for what is no certificate */
export function describeCertificate(der: Uint8Array): ClientCertificate | undefined {
  try {
    const x509 = new X509Certificate(der)
    return {
      subject: subjectOf(x509),
      alternativeNames: splitNames(x509.subjectAltName ?? ''),
      fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
      x509,
    }
  } catch {
    return undefined
  }
}

function subjectOf(x509: X509Certificate): ClientCertificate['subject'] {
  const { subject } = x509.toLegacyObject()
  const attributes = Object.entries(subject as unknown as Record<string, string | string[] | undefined>)
  return Object.fromEntries(attributes.map(([name, value]) => [name, [value ?? []].flat()]))
}

/** Node joins the names by commas and writes those that hold one themselves as JSON texts. */
function splitNames(text: string): string[] {
  return [...text.matchAll(/([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g)].map(([, kind = '', value = '']) => {
    return `${kind}:${value.startsWith('"') ? String(JSON.parse(value)) : value}`
  })
}
