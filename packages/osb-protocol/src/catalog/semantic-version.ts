/** Semantic Versioning 2.0, as its own page gives it. */
const semver =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/
const mostCharacters = 256

/** Whether a text is a semantic version (MNT-01); of at most 256 characters, as other readers have it. */
export function isSemanticVersion(text: string): boolean {
  return text.length <= mostCharacters && semver.test(text)
}

/** Below 0 when the first version comes before the second; 0 where none does, or one is no version. */
export function compareVersions(first: string, second: string): number {
  if (!isSemanticVersion(first) || !isSemanticVersion(second)) return 0
  const [[coreA, preA], [coreB, preB]] = [parts(first), parts(second)]
  const core = compareLists(coreA, coreB)
  if (core !== 0) return core
  if (preA.length === 0 || preB.length === 0) return preB.length - preA.length
  return compareLists(preA, preB)
}

function parts(version: string): [string[], string[]] {
  const [, major = '', minor = '', patch = '', pre] = semver.exec(version) ?? []
  return [[major, minor, patch], pre?.split('.') ?? []]
}

function compareLists(first: readonly string[], second: readonly string[]): number {
  for (const [index, a] of first.entries()) {
    const b = second[index]
    if (b === undefined) return 1
    const order = compareParts(a, b)
    if (order !== 0) return order
  }
  return first.length - second.length
}

/** Numbers by their size and before words; words by their letters. */
function compareParts(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumberA && isNumberB) return a.length - b.length || (a < b ? -1 : Number(a > b))
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1
  return a < b ? -1 : Number(a > b)
}
