/** The same shape with every value that may be a secret as `[hidden]`; null, and what is empty, hide nothing. */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets)
  if (typeof value !== 'object' || value === null) return value === null ? null : '[hidden]'
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskSecrets(inner)]))
}
