import { jsonPointer } from '../requirements.js'

/** How bad a finding is: `MUST` breaks the protocol, `SHOULD` its advice or a platform's limit, `note` is good to know. */
export type FindingLevel = 'MUST' | 'SHOULD' | 'note'

/** One thing found in a catalog. */
export interface CatalogFinding {
  /**
   * A row of the requirements such as `CAT-18`, a rule of Cloud Controller (`CC-…`) or Service Manager (`SM-…`), or one
   * of this library (`OSB-…`). Stable.
   */
  readonly rule: string
  readonly level: FindingLevel
  /** JSON pointer to the place in the catalog. */
  readonly pointer: string
  /** What is wrong, and what to write instead. */
  readonly message: string
}

export function finding(
  rule: string,
  level: FindingLevel,
  path: readonly PropertyKey[],
  message: string,
): CatalogFinding {
  return { rule, level, pointer: jsonPointer(path), message }
}

/** The findings of those rows whose condition holds. */
export function findingsWhere(rows: readonly (readonly [boolean, CatalogFinding])[]): CatalogFinding[] {
  return rows.filter(([holds]) => holds).map(([, found]) => found)
}
