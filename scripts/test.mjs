// `npm test`: every test there is. Arguments go to vitest: `npm test -- --project osb-client`, `npm test -- find-plan`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './ensure-installed.mjs'
import { formatCounts, formatSkips, requireDocker, SUMMARY_FILE } from './lib/test-summary.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** @param {readonly string[]} args @param {string} summaryFile */
function runVitest(args, summaryFile) {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', `--reporter=${join(ROOT, 'scripts', 'lib', 'test-reporter.mjs')}`]
  return spawnSync(process.execPath, [vitest, 'run', ...reporters, ...args], {
    cwd: ROOT,
    env: { ...process.env, [SUMMARY_FILE]: summaryFile },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

/** @param {string} file @returns {import('./lib/test-summary.mjs').Summary} */
function readSummary(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'))
  return { passed: 0, failed: 1, skipped: 0, skips: [], broken: ['vitest ended without a result'] }
}

ensureInstalled()
const folder = mkdtempSync(join(tmpdir(), 'osb-test-'))
const summaryFile = join(folder, 'summary.json')
const { status } = runVitest(process.argv.slice(2), summaryFile)
const found = readSummary(summaryFile)
const summary = process.env['OSB_REQUIRE_DOCKER'] === '1' ? requireDocker(found) : found
rmSync(folder, { recursive: true, force: true })

for (const what of summary.broken) console.log(`✗ ${what}`)
console.log(formatSkips(summary.skips))
console.log(formatCounts(summary))
process.exitCode = summary.failed > 0 ? 1 : (status ?? 1)
