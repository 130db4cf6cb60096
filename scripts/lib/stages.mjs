import { mapLimited } from './run.mjs'

/**
 * @typedef {{ name: string, run: () => Promise<import('./run.mjs').Result> }} Stage
 * @typedef {{ name: string, ok: boolean, seconds: number }} StageResult
 */

/**
 * Runs every stage, also after one failed, and prints each with its duration.
 * @param {readonly Stage[]} stages
 * @param {number} limit how many run side by side
 * @returns {Promise<boolean>} whether all were fine
 */
export async function runStages(stages, limit) {
  const startedAt = performance.now()
  const results = await mapLimited(stages, limit, runStage)
  console.log(`\n${formatTable(results)}\n${formatLine('all', true, secondsSince(startedAt)).slice(2)}`)
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name)
  if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`)
  return failed.length === 0
}

/** @param {Stage} stage @returns {Promise<StageResult>} */
async function runStage({ name, run }) {
  const startedAt = performance.now()
  const { ok, output } = await run().catch((/** @type {unknown} */ error) => ({
    ok: false,
    output: error instanceof Error ? String(error.stack) : String(error),
  }))
  const seconds = secondsSince(startedAt)
  console.log(formatLine(name, ok, seconds))
  if (!ok) console.log(output.trimEnd().replaceAll(/^/gm, '    '))
  return { name, ok, seconds }
}

/** @param {readonly StageResult[]} results */
function formatTable(results) {
  return results.map(({ name, ok, seconds }) => formatLine(name, ok, seconds)).join('\n')
}

/** @param {string} name @param {boolean} ok @param {number} seconds */
function formatLine(name, ok, seconds) {
  return `${ok ? '✓' : '✗'} ${name.padEnd(24)} ${seconds.toFixed(1).padStart(7)} s`
}

/** @param {number} startedAt */
function secondsSince(startedAt) {
  return (performance.now() - startedAt) / 1000
}
