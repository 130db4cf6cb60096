import { VcapError } from './errors.js'
import { toShownPointer } from './pointer.js'

/** A JSON object whose fields are not known. */
export type UnknownRecord = Readonly<Record<string, unknown>>

/** Where a value stands: the source for people, and the segments of its JSON pointer. */
export interface Place {
  readonly source: string
  readonly path: readonly PropertyKey[]
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The kind of a JSON value, for messages that must not show the value. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** The error for a value of the wrong kind. */
export function invalidStructure(place: Place, expected: string, value: unknown, hint = ''): VcapError {
  const path = toShownPointer(place.path)
  const where = path === '' ? 'as the whole document' : `at ${path}`
  const message = `${place.source}: expected ${expected} ${where}, found ${kindOf(value)}${hint}`
  return new VcapError('INVALID_STRUCTURE', message, { path })
}

// The value of a field comes beside its name: an access by a name that varies costs more than the check.

/** A text field; null when it is null, missing or blank, as producers write "none" in all three ways. */
export function readText(value: unknown, place: Place, field: string): string | null {
  if (typeof value === 'string') return isBlank(value) ? null : value
  if (value === undefined || value === null) return null
  throw invalidStructure(inside(place, field), 'text', value)
}

// Nearly every text begins with a character above space, which spares it the trim.
function isBlank(text: string): boolean {
  return !(text.charCodeAt(0) > 0x20) && text.trim() === ''
}

/** A list field, its items checked one by one; empty when it is null, missing or an empty text. */
export function readList<Item>(
  value: unknown,
  place: Place,
  field: string,
  isItem: (value: unknown) => value is Item,
  expected: string,
): readonly Item[] {
  if (value === undefined || value === null || value === '') return []
  if (!Array.isArray(value)) throw invalidStructure(inside(place, field), 'an array', value)
  const items: readonly unknown[] = value
  const wrong = items.findIndex((item) => !isItem(item))
  if (wrong !== -1) throw invalidStructure(inside(place, field, wrong), expected, items[wrong])
  return items as readonly Item[]
}

/** Whether a value is text. */
export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** A place further in. */
export function inside(place: Place, ...path: readonly PropertyKey[]): Place {
  return { source: place.source, path: [...place.path, ...path] }
}
