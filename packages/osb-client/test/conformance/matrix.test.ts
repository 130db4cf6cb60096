import { afterAll, describe, expect, it } from 'vitest'
import type { CheckResult, ConformanceEstimate, ConformanceReport } from '../../src/conformance.js'
import { checksOfAnyAnswer } from '../../src/conformance/judge-answer.js'
import { scenes } from '../../src/conformance/scenes/index.js'
import { mutants } from './mutants/index.js'
import type { Mutant } from './mutants/mutant.js'
import { runChecker } from './run-checker.js'
import type { LegalVariant } from './variants/variant.js'
import { variants } from './variants/index.js'

/** With `OSB_MATRIX=all` each mutant meets every check, and each variant has all offerings; else its own checks, and few. */
const isWhole = process.env['OSB_MATRIX'] === 'all'

const checks = [...new Set([...scenes.flatMap((scene) => scene.checks), ...checksOfAnyAnswer])].toSorted()

const mostAtOnce = 5
let running = 0
const waiting: (() => void)[] = []

/** Runs some at a time: what waits for its turn long enough could find an operation ended that nobody polled. */
async function inTurn<Value>(make: () => Promise<Value>): Promise<Value> {
  if (running >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    return await make()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

/** Each value is made once, whichever test asks first. */
function once<Key, Value>(make: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const made = new Map<Key, Promise<Value>>()
  return (key) => {
    const value = made.get(key) ?? inTurn(() => make(key))
    made.set(key, value)
    return value
  }
}

const isFinding = ({ outcome }: CheckResult): boolean => ['fail', 'warning', 'note'].includes(outcome)

/** Offerings that have nearly every feature; the others differ in what their bindings give. */
const few = ['sql', 'cluster', 'plain'] as const

/** The checks that found fault with a mutant. */
const findingsOf = once(async (mutant: Mutant): Promise<readonly string[]> => {
  // Some faults show with other offerings only, or with a plan that is not the first choice.
  const ways = [...(isWhole ? [] : [{ only: few }]), {}, { allPlans: true }]
  let found: readonly string[] = []
  for (const way of ways) {
    found = await findingsOnce(mutant, way)
    if (found.includes(meant(mutant))) break
  }
  return found
})

async function findingsOnce(
  { make, breaks }: Mutant,
  { only, ...how }: { readonly only?: typeof few; readonly allPlans?: boolean },
): Promise<readonly string[]> {
  const report = await runChecker(make(only), {
    ...how,
    maxParallel: 8,
    // Of what a mutant breaks besides, some cannot be seen from outside.
    ...(isWhole ? {} : { select: { checks: breaks.filter((id) => checks.includes(id)) } }),
  })
  return [...new Set(report.results.filter(isFinding).map(({ check }) => check))]
}

/** What was told before anything was created, and what came of it. */
interface Played {
  readonly report: ConformanceReport
  readonly mostInstances: number
}

const reportOf = once(async ({ name, make, auth, basePath }: LegalVariant): Promise<Played> => {
  let mostInstances = 0
  const confirm = ({ instances }: ConformanceEstimate) => {
    mostInstances = instances
    return true
  }
  const broker = isWhole || name === 'reference' ? make() : make(few)
  return { report: await runChecker(broker, { login: auth, basePath, confirm }), mostInstances }
})

const meant = ({ breaks: [first = ''] }: Mutant): string => first

describe.concurrent('a broken broker is found out by the check of what it breaks', () => {
  it.each(mutants)(
    '$breaks.0: $name',
    async (mutant) => {
      expect(await findingsOf(mutant)).toContain(meant(mutant))
    },
    60_000,
  )
})

describe.concurrent('no check finds fault with a legal variant', () => {
  it.each(variants)(
    '$name',
    async (variant) => {
      const { report, mostInstances } = await reportOf(variant)
      const { results, leftovers, instances } = report
      const findings = results.filter(({ kind, outcome }) => kind === 'check' && ['fail', 'warning'].includes(outcome))
      expect(findings.map(told)).toEqual([])
      expect(leftovers).toEqual([])
      expect(instances).toBeLessThanOrEqual(mostInstances)
    },
    60_000,
  )
})

const told = ({ check, plan, scene, expected, found }: CheckResult): string =>
  `${check} (${plan?.name ?? 'broker'}, ${scene}): expected ${expected}, found ${found}`

describe('every check', () => {
  it('has a mutant that it finds', async () => {
    const found = new Set((await Promise.all(mutants.map(findingsOf))).flat())
    expect(checks.filter((check) => !found.has(check))).toEqual([])
  }, 600_000)

  it('passes on a legal variant', async () => {
    const reports = await Promise.all(variants.map(reportOf))
    const passed = new Set(
      reports.flatMap(({ report }) =>
        report.results.filter(({ outcome }) => outcome === 'pass').map(({ check }) => check),
      ),
    )
    expect(checks.filter((check) => !passed.has(check))).toEqual([])
  }, 600_000)
})

afterAll(async () => {
  if (!isWhole) return
  const rows = await Promise.all(
    mutants.map(async (mutant) => [mutant.name, new Set(await findingsOf(mutant))] as const),
  )
  for (const check of checks) {
    const found = rows.filter(([, findings]) => findings.has(check)).map(([name]) => name)
    console.log(`${check.padEnd(28)} ${String(found.length).padStart(3)}  ${found.join(' ')}`)
  }
}, 600_000)
