/**
 * What `JSON.parse(JSON.stringify(value))` gives, several times as fast for the small plain objects that records are.
 * @throws TypeError for a BigInt, RangeError for what is nested too deeply or in a circle
 */
export function jsonCopy<Value>(value: Value): Value {
  return (typeof value === 'object' && value !== null ? copyObject(value) : copyPrimitive(value)) as Value
}

function copyPrimitive(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  // Without a value, and never to be: what calls this leaves it out.
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined
  throw new TypeError(`a ${typeof value} cannot be stored as JSON`)
}

function copyObject(value: object): unknown {
  if (Array.isArray(value)) return Array.from(value, (item: unknown) => jsonCopy(item) ?? null)
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === Object.prototype || prototype === null
  if (!isPlain || typeof (value as { toJSON?: unknown }).toJSON === 'function') return copyByText(value)
  const copy: Record<string, unknown> = { ...value }
  // What is named by a symbol is not JSON.
  let isComplete = Object.getOwnPropertySymbols(copy).length === 0
  for (const key in copy) {
    const before = copy[key]
    if (typeof before === 'string') continue
    const after = jsonCopy(before)
    if (after === undefined) isComplete = false
    if (after !== before) set(copy, key, after)
  }
  return isComplete ? copy : Object.fromEntries(Object.entries(copy).filter(([, member]) => member !== undefined))
}

/** Dates, instances of classes and what else has ideas of its own. */
function copyByText(value: object): unknown {
  const text = JSON.stringify(value) as string | undefined
  return text === undefined ? undefined : JSON.parse(text)
}

function set(copy: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(copy, key, { value, enumerable: true, writable: true, configurable: true })
  else copy[key] = value
}
