/** Longer texts are parsed each time; they are rare, and what is made of the others is nested a few hundred levels at most. */
const longest = 1024

/**
 * Keeps what a parser makes of texts that come again and again, as headers do; it is frozen, as many requests are given
 * it. Of texts that are not valid nothing is kept.
 * @param limit how many texts are known at most; all are forgotten when there is one more
 */
export function rememberParsed<Value extends object>(
  parse: (text: string) => Value | undefined,
  limit: number,
): (text: string) => Value | undefined {
  const known = new Map<string, Value>()
  return (text) => {
    const before = known.get(text)
    if (before) return before
    const value = parse(text)
    if (value === undefined || text.length > longest) return value
    if (known.size >= limit) known.clear()
    known.set(text, deepFreeze(value))
    return value
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}
