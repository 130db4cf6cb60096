const mask = '[redacted]'
const shortCharacters = 4
const shownCharacters = 1000

/** Makes a text from outside fit for a message, with the secrets of the call taken out. */
export type Redact = (text: string) => string

/**
 * Brokers and validators like to quote what they refuse. The result replaces every text and number found in `secrets`
 * (at any depth), drops control characters and shortens.
 */
export function redactor(...secrets: readonly unknown[]): Redact {
  const maskAll = masker(...secrets)
  return (text) => {
    const clean = maskAll(text)
    return clean.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, shownCharacters)
  }
}

/** Replaces every text and number found in `secrets`, at any depth, and leaves all else as it is. */
export function masker(...secrets: readonly unknown[]): Redact {
  const patterns = [...new Set(secrets.flatMap(leaves))].toSorted((a, b) => b.length - a.length).map(patternOf)
  const any = patterns.length > 0 ? new RegExp(patterns.join('|'), 'g') : undefined
  return (text) => (any ? text.replace(any, mask) : text)
}

/** A short secret is replaced only where it stands alone: the parameter value `on` is no reason to break `connection`. */
function patternOf(secret: string): string {
  const literal = secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  return secret.length < shortCharacters ? `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])` : literal
}

function leaves(value: unknown): string[] {
  // As JSON too: it may be quoted from there, where a quotation mark has a backslash.
  if (typeof value === 'string') return value.trim() === '' ? [] : [value, JSON.stringify(value).slice(1, -1)]
  if (typeof value === 'number' || typeof value === 'bigint') return [String(value)]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : []
}
