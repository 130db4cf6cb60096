const longestTimer = 2 ** 31 - 1

/**
 * A number of milliseconds, bytes or the like, or its default.
 * @throws {TypeError} when it is not a positive number that a timer takes
 */
export function positive(name: string, value: number | undefined, byDefault: number): number {
  const number = value ?? byDefault
  if (!(number > 0 && number <= longestTimer)) throw new TypeError(`${name} must be between 1 and ${longestTimer}`)
  return number
}
