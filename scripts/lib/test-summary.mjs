/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ file: string, reason: string }} Skip
 * @typedef {Counts & { skips: Skip[], broken: string[] }} Summary `broken`: what failed, a line each
 */

/** The environment variable that tells the reporter where to leave its summary. */
export const SUMMARY_FILE = 'OSB_TEST_SUMMARY'

/** The line that ends a test run; .ci/run reads it. @param {Counts} counts */
export function formatCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/**
 * Where Docker is required, a Docker test that was skipped is a failure whatever it says.
 * @param {Summary} summary
 * @returns {Summary}
 */
export function requireDocker(summary) {
  const forbidden = summary.skips.filter(({ file }) => file.endsWith('.docker.test.ts'))
  return {
    ...summary,
    failed: summary.failed + forbidden.length,
    skipped: summary.skipped - forbidden.length,
    skips: summary.skips.filter((skip) => !forbidden.includes(skip)),
    broken: [
      ...summary.broken,
      ...forbidden.map(({ file, reason }) => `${file}: skipped (${reason}), though OSB_REQUIRE_DOCKER is set`),
    ],
  }
}

/**
 * Why tests were skipped: a line per reason, with the files below it.
 * @param {readonly Skip[]} skips
 */
export function formatSkips(skips) {
  if (skips.length === 0) return 'No test was skipped.'
  const lines = [`Skipped, and why (${skips.length}):`]
  for (const [reason, ofReason] of groupBy(skips, ({ reason }) => reason)) {
    lines.push(`  ${ofReason.length} × ${reason}`)
    for (const [file, ofFile] of groupBy(ofReason, ({ file }) => file)) lines.push(`      ${file} (${ofFile.length})`)
  }
  return lines.join('\n')
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => string} key
 */
function groupBy(items, key) {
  /** @type {Map<string, T[]>} */
  const groups = new Map()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return groups
}
