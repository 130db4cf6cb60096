const block = /-----BEGIN ([A-Z\d ]+)-----([\s\S]*?)-----END \1-----/g

/**
 * PEM as drivers want it, from what environments make of it: line breaks written as `\n`, all on one line, or the whole
 * encoded as base64. Null when it is no PEM, such as the path of a file.
 */
export function toPem(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = value.replaceAll(String.raw`\r`, '').replaceAll(String.raw`\n`, '\n')
  const decoded = text.includes('-----BEGIN ') ? text : Buffer.from(text, 'base64').toString('latin1')
  const blocks = [...decoded.matchAll(block)].map(([, kind = '', body = '']) => {
    // An encrypted key has headers, whose lines count.
    const lines = body.includes(':') ? body.trim() : wrap(body.replaceAll(/\s/g, ''))
    return `-----BEGIN ${kind}-----\n${lines}\n-----END ${kind}-----\n`
  })
  return blocks.length === 0 ? null : blocks.join('')
}

function wrap(base64: string): string {
  return base64.match(/.{1,64}/g)?.join('\n') ?? ''
}
