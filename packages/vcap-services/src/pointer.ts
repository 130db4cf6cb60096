/** A JSON pointer (RFC 6901) from its segments; no segment gives the empty pointer, the whole document. */
export function toPointer(segments: readonly PropertyKey[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/**
 * The same for errors about documents that may be broken: a misplaced quote makes a key of whatever lies between two
 * quotes, secrets too, so what does not look like a name is shown as `…`.
 */
export function toShownPointer(segments: readonly PropertyKey[]): string {
  return toPointer(segments.map((segment) => (isNameLike(String(segment)) ? segment : '…')))
}

const isNameLike = (key: string): boolean => key.length <= 64 && !/["'`{}[\]\\,\p{Cc}]/u.test(key)

/** The segments of a JSON pointer; a text without the leading slash is one segment, as people write `password`. */
export function fromPointer(pointer: string): string[] {
  if (!pointer.startsWith('/')) return pointer === '' ? [] : [pointer]
  const segments = pointer.slice(1).split('/')
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}
