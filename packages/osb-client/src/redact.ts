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

/**
 * Replaces every text and number found in `secrets`, at any depth, and leaves all else as it is. Of several that begin at
 * one place the longest is replaced. The time that a text takes does not grow with the number of secrets.
 */
export function masker(...secrets: readonly unknown[]): Redact {
  const all = [...new Set(leaves(secrets))].toSorted((a, b) => b.length - a.length)
  const maskShort = shortMasker(all.filter(({ length }) => length < shortCharacters))
  const byBeginning = groupByBeginning(all)
  return (text) => {
    let masked = ''
    let shown = 0
    for (let at = 0; at + shortCharacters <= text.length; at++) {
      const found = byBeginning.get(text.slice(at, at + shortCharacters))?.find((secret) => text.startsWith(secret, at))
      if (found === undefined) continue
      masked += maskShort(text.slice(shown, at)) + mask
      shown = at + found.length
      at = shown - 1
    }
    return masked + maskShort(text.slice(shown))
  }
}

function groupByBeginning(secrets: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const secret of secrets) {
    if (secret.length < shortCharacters) continue
    const beginning = secret.slice(0, shortCharacters)
    const group = groups.get(beginning)
    if (group) group.push(secret)
    else groups.set(beginning, [secret])
  }
  return groups
}

/** A short secret is replaced only where it stands alone: the parameter value `on` is no reason to break `connection`. */
function shortMasker(secrets: readonly string[]): Redact {
  if (secrets.length === 0) return (text) => text
  const literals = secrets.map((secret) => secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  const any = new RegExp(`(?<![A-Za-z0-9])(?:${literals.join('|')})(?![A-Za-z0-9])`, 'g')
  return (text) => text.replace(any, mask)
}

/** All texts and numbers, without recursion: what a broker answers may be nested as deep as it likes, what a caller gives may be a circle. */
function leaves(value: unknown): string[] {
  const found: string[] = []
  const waiting = [value]
  const seen = new Set<object>()
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next === 'string') {
      // As JSON too: it may be quoted from there, where a quotation mark has a backslash.
      if (next.trim() !== '') found.push(next, JSON.stringify(next).slice(1, -1))
    } else if (typeof next === 'number' || typeof next === 'bigint') found.push(String(next))
    else if (typeof next === 'object' && next !== null && !seen.has(next)) {
      seen.add(next)
      for (const inner of Object.values(next)) waiting.push(inner)
    }
  }
  return found
}
