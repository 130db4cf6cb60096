/** A JSON pointer (RFC 6901) from its segments; no segment gives the empty pointer, the whole document. */
export function toPointer(segments: readonly PropertyKey[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
