/**
 * Reads the client certificate that a proxy forwards in a header: Base64 of its DER form, as Cloud Foundry's router
 * sends it; PEM that is percent-encoded, as nginx sends it; or one element of Envoy's `Key=Value;…` form with a `Cert`.
 * A header of several elements is refused, as it does not say which of them the last proxy vouches for.
 * @returns the certificate in DER form, or undefined when it is none of that
 */
export function readForwardedCertificate(header: string): Uint8Array | undefined {
  const text =
    header.includes('=') && /^\s*(by|hash|cert|chain|subject|uri|dns)=/i.test(header) ? envoyCert(header) : header
  const pem = text === undefined ? undefined : percentDecoded(text)
  const base64 =
    pem && /^\s*(?:-----BEGIN CERTIFICATE-----)?([\w+/=\s]+?)(?:-----END CERTIFICATE-----)?\s*$/.exec(pem)?.[1]
  return base64 ? decodeBase64(base64.replace(/\s+/g, '')) : undefined
}

/** The only `Cert` of an only element; its values stand in quotes where they hold a separator. */
function envoyCert(header: string): string | undefined {
  const pairs: readonly string[] = header.match(/(?:"(?:[^"\\]|\\.)*"|[^;,"])+|[;,]/g) ?? []
  if (pairs.includes(',')) return undefined
  const certs = pairs.filter((pair) => /^\s*cert=/i.test(pair))
  return certs.length === 1 ? certs[0]?.replace(/^\s*cert=/i, '').replaceAll('"', '') : undefined
}

function percentDecoded(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function decodeBase64(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
