import type { CatalogFinding } from 'osb-protocol/catalog'
import { exitCodes } from './exit-codes.js'
import { styleFor } from './style.js'
import { printable } from './table.js'
import type { Shown, VerbContext } from './verb.js'

/** Findings as `lint` and `diff` show them: the worst first; exit code 1 where one breaks the protocol. */
export function showFindings(
  { stdout, env, values }: VerbContext<{ readonly strict?: boolean }>,
  findings: readonly CatalogFinding[],
): Shown {
  const { red, dim } = styleFor(stdout, env)
  const order = ['MUST', 'SHOULD', 'note']
  const sorted = findings.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
  const lines = sorted.map(({ level, rule, pointer, message }) => {
    const word = level.padEnd('SHOULD'.length)
    const place = dim(printable(`${rule} ${pointer || '/'}`))
    return `${level === 'MUST' ? red(word) : word}  ${place}\n        ${printable(message)}\n`
  })
  const counts = order.map((level) => `${findings.filter((each) => each.level === level).length} ${level}`)
  const isBad = findings.some(({ level }) => level === 'MUST' || (values.strict === true && level === 'SHOULD'))
  const text = findings.length === 0 ? 'Nothing was found.\n' : `${lines.join('')}${counts.join(', ')}\n`
  return { json: { findings: sorted }, text, exitCode: isBad ? exitCodes.failed : exitCodes.fine }
}

export const strictOption = {
  strict: { type: 'boolean', help: 'exit code 1 for SHOULD findings, too' },
} as const
