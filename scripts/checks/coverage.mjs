import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { readPackages } from '../lib/packages.mjs'
import { ROOT } from '../lib/run.mjs'
import { findTestNames } from '../spec-coverage/find-test-names.mjs'
import { formatCoverage } from '../spec-coverage/format-coverage.mjs'
import { judgeCoverage } from '../spec-coverage/judge-coverage.mjs'
import { readRequirements } from '../spec-coverage/read-requirements.mjs'

/** @typedef {import('../spec-coverage/judge-coverage.mjs').NamedTest} NamedTest */

const REQUIREMENTS = 'docs/spec/requirements.md'
const OWNERS = 'scripts/spec-coverage/owners.json'
export const COVERAGE = 'docs/spec-coverage.md'
const TEST_FILE = /^(src|test)\/.*\.test\.ts$/

/** What docs/spec-coverage.md has to say, and what is wrong with the rows. */
export function readCoverage(root = ROOT) {
  const requirements = readRequirements(readFileSync(join(root, REQUIREMENTS), 'utf8'))
  const owners = JSON.parse(readFileSync(join(root, OWNERS), 'utf8'))
  const coverage = judgeCoverage(requirements, readPackages(root).flatMap(testsOf), owners)
  return { text: formatCoverage(coverage), faults: coverage.faults }
}

/** @param {import('../lib/packages.mjs').Package} pkg @returns {NamedTest[]} */
function testsOf({ name, folder }) {
  return ['src', 'test']
    .flatMap((part) => filesBelow(folder, part))
    .filter((file) => TEST_FILE.test(file))
    .toSorted()
    .flatMap((file) =>
      findTestNames(readFileSync(join(folder, file), 'utf8')).map((title) => ({ package: name, file, name: title })),
    )
}

/** @param {string} folder @param {string} part @returns {string[]} paths with slashes, from the folder on */
function filesBelow(folder, part) {
  return readdirSync(folder).includes(part)
    ? readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${part}/${file.replaceAll(sep, '/')}`,
      )
    : []
}

/**
 * Each rule for brokers is held by named tests, or has an owner and a reason; and docs/spec-coverage.md says so.
 * @returns {Promise<import('../lib/run.mjs').Result>}
 */
export async function checkCoverage(root = ROOT) {
  const { text, faults } = readCoverage(root)
  const complaints = [...faults]
  if (readFileSync(join(root, COVERAGE), 'utf8') !== text)
    complaints.push(`${COVERAGE} is stale: npm run spec-coverage writes it`)
  return { ok: complaints.length === 0, output: complaints.join('\n') }
}
