// `npm run spec-coverage`: writes docs/spec-coverage.md from the names of the tests, and says what does not fit.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COVERAGE, readCoverage } from './checks/coverage.mjs'
import { ROOT } from './lib/run.mjs'

const { text, faults } = readCoverage()
writeFileSync(join(ROOT, COVERAGE), text)
for (const fault of faults) console.log(fault)
console.log(`${COVERAGE}: ${faults.length === 0 ? 'written' : `written, with ${faults.length} faults`}`)
process.exitCode = faults.length === 0 ? 0 : 1
