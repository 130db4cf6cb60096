import type { CheckHead } from './check.js'
import { ConformanceError } from './conformance-error.js'
import type { ConformanceSelection } from './conformance-options.js'
import { notVisible } from './not-visible.js'

/** Whether a check is wanted; everything is where nothing is said. */
export function isSelected(head: CheckHead, { checks, levels, sections }: ConformanceSelection = {}): boolean {
  return (
    (checks === undefined || checks.some((wanted) => isNamed(head, wanted))) &&
    (levels === undefined || levels.includes(strengthOf(head))) &&
    (sections === undefined || sections.some((wanted) => isIn(head, wanted)))
  )
}

/**
 * Checks that a selection means something: a typing error would else pass every broker.
 * @throws {ConformanceError} `NO_SUCH_CHECK`
 */
export function assertSelection(
  heads: readonly CheckHead[],
  { checks = [], sections = [] }: ConformanceSelection = {},
): void {
  for (const wanted of checks) {
    if (heads.some((head) => isNamed(head, wanted))) continue
    const unseen = notVisible.find(({ requirement }) => requirement === wanted)
    const why = unseen ? `${wanted} cannot be seen from outside: ${unseen.reason}` : `there is no check ${wanted}`
    throw new ConformanceError('NO_SUCH_CHECK', why)
  }
  for (const wanted of sections)
    if (!heads.some((head) => isIn(head, wanted)))
      throw new ConformanceError('NO_SUCH_CHECK', `there is no check of a section ${JSON.stringify(wanted)}`)
}

function isNamed({ check }: CheckHead, wanted: string): boolean {
  return check === wanted || check.startsWith(`${wanted}-`) || check.startsWith(`${wanted}:`)
}

/** By the beginning of the chapter or of the heading in the specification, as people write it. */
function isIn({ chapter, section }: CheckHead, wanted: string): boolean {
  return [chapter, section].some((text) => text.toLowerCase().startsWith(wanted.toLowerCase()))
}

function strengthOf({ level }: CheckHead): 'MUST' | 'SHOULD' | 'note' {
  if (level === 'note') return level
  return level.startsWith('MUST') ? 'MUST' : 'SHOULD'
}
