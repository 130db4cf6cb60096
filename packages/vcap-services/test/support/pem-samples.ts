const body = 'MIIB'.padEnd(100, 'abcdefghij')

/** No certificate, but the shape of one. */
export const PEM = `-----BEGIN CERTIFICATE-----\n${body.slice(0, 64)}\n${body.slice(64)}\n-----END CERTIFICATE-----\n`

/** The same without line breaks, as some services write it. */
export const pemOnOneLine = PEM.replaceAll('\n', '')
