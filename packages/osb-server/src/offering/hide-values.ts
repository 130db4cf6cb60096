const hidden = '[value]'

/**
 * Takes the texts and numbers of a value out of a message. Validators repeat what they were given ("received
 * hunter2"), and parameters hold secrets.
 */
export function hideValues(message: string, value: unknown): string {
  const parts = [...leaves(value)].map(String).sort((a, b) => b.length - a.length)
  return parts.reduce(hide, message)
}

/** A short text may be part of any word, so it is hidden in quotes, or where such messages name what they got. */
function hide(message: string, part: string): string {
  const quoted = [`"${part}"`, `'${part}'`, `\`${part}\``, JSON.stringify(part)]
  const unquoted = quoted.reduce((text, quote) => text.replaceAll(quote, hidden), message)
  if (part.length >= 4) return unquoted.replaceAll(part, hidden)
  const escaped = part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return unquoted.replace(new RegExp(`(?<=(?:received|got|was|is) )${escaped}(?![\\p{L}\\p{N}])`, 'gu'), hidden)
}

function* leaves(value: unknown): Generator<string | number> {
  if (typeof value === 'string' ? value !== '' : typeof value === 'number') yield value as string | number
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* leaves(part)
}
