let last = 0

/**
 * Where the version and the token of a new record start: at the time in microseconds. Were it 1, an owner that slept
 * while its record was removed and created again could find its old version or token valid on the new record.
 */
export function firstVersion(): number {
  last = Math.max(last + 1, Math.floor((performance.timeOrigin + performance.now()) * 1000))
  return last
}
