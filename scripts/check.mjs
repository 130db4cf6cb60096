// `npm run check [stage …]`: everything that can be judged without running the product. All stages run, also after a failure.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from './ensure-installed.mjs'
import { checkCoverage } from './checks/coverage.mjs'
import { checkFileLength } from './checks/file-length.mjs'
import { checkPackaging } from './checks/packaging.mjs'
import { checkSkeleton } from './checks/skeleton.mjs'
import { PARALLEL, ROOT, runTool } from './lib/run.mjs'
import { runStages } from './lib/stages.mjs'

const CRUISED = ['packages', 'examples', 'scripts', 'test', 'vitest.config.ts'].filter((path) =>
  existsSync(join(ROOT, path)),
)

/** The longest first, so that the others run beside it. @type {import('./lib/stages.mjs').Stage[]} */
const STAGES = [
  { name: 'packaging', run: checkPackaging },
  { name: 'types', run: () => runTool('tsc', ['-p', 'tsconfig.json']) },
  { name: 'docs', run: () => runTool('typedoc', ['--emit', 'none']) },
  { name: 'lint', run: () => runTool('oxlint', ['--type-aware', '--deny-warnings']) },
  { name: 'arrows', run: () => runTool('depcruise', ['--output-type', 'err-long', ...CRUISED]) },
  { name: 'dead-code', run: () => runTool('knip', ['--no-progress']) },
  { name: 'format', run: () => runTool('oxfmt', ['--check']) },
  { name: 'file-length', run: () => checkFileLength() },
  { name: 'coverage', run: () => checkCoverage() },
  { name: 'skeleton', run: () => checkSkeleton() },
]

ensureInstalled()
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name))
if (unknown.length > 0) {
  console.error(`No such stage: ${unknown.join(', ')}. There are: ${STAGES.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}
const stages = STAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
process.exitCode = (await runStages(stages, PARALLEL)) ? 0 : 1
