/**
 * What the matrix does not hold yet. Each list is tested to be exact, so that nothing is added to it unseen and what is
 * closed has to leave it.
 */
export const gaps: Readonly<Record<'unfound' | 'withoutMutant' | 'withoutPass', readonly string[]>> = {
  /** Mutants that the check of what they break does not find. */
  unfound: [],
  /** Checks that find no mutant. */
  withoutMutant: [],
  /** Checks that pass on no legal variant. */
  withoutPass: [],
}
