/**
 * What `JSON.parse(JSON.stringify(value))` gives, several times as fast for the small plain objects that records are.
 * @throws TypeError for a BigInt, RangeError for what is nested too deeply or in a circle
 */
export function jsonCopy<Value>(value: Value): Value {
  return copyOf(value, asItIs) as Value
}

/**
 * The same, frozen through and through, so that it can be handed out again and again without a copy.
 * @throws TypeError for a BigInt, RangeError for what is nested too deeply or in a circle
 */
export function frozenJsonCopy<Value>(value: Value): Value {
  return copyOf(value, Object.freeze) as Value
}

/** Called with each object that is made, once it has all its members. */
type Finish = <Made extends object>(made: Made) => Made

const asItIs: Finish = (made) => made

function copyOf(value: unknown, finish: Finish): unknown {
  return typeof value === 'object' && value !== null ? copyObject(value, finish) : copyPrimitive(value)
}

function copyPrimitive(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  // Without a value, and never to be: what calls this leaves it out.
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined
  throw new TypeError(`a ${typeof value} cannot be stored as JSON`)
}

function copyObject(value: object, finish: Finish): unknown {
  if (Array.isArray(value)) return finish(Array.from(value, (item: unknown) => copyOf(item, finish) ?? null))
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === Object.prototype || prototype === null
  if (!isPlain || typeof (value as { toJSON?: unknown }).toJSON === 'function') return copyByText(value, finish)
  const members = value as Readonly<Record<string, unknown>>
  const copy: Record<string, unknown> = {}
  // A loop is twice as fast as a spread, as the objects that come here have many different shapes.
  for (const key in members) {
    const before = members[key]
    const after = typeof before === 'string' ? before : copyOf(before, finish)
    if (after !== undefined) setMember(copy, key, after)
  }
  return finish(copy)
}

/** Dates, instances of classes and what else has ideas of its own. */
function copyByText(value: object, finish: Finish): unknown {
  const text = JSON.stringify(value) as string | undefined
  return text === undefined ? undefined : copyOf(JSON.parse(text), finish)
}

/** A copy without the members that are undefined or named by symbols, so that what is stored equals what is read back. */
export function withoutUndefined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  const members = value as Readonly<Record<string, unknown>>
  const defined: Record<string, unknown> = {}
  for (const key in members) if (members[key] !== undefined) setMember(defined, key, members[key])
  return defined as never
}

function setMember(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true })
  else object[key] = value
}
