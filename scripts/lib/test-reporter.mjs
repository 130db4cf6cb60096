import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { ROOT } from './run.mjs'
import { SUMMARY_FILE } from './test-summary.mjs'

/** @import { Reporter } from 'vitest/node' */

/**
 * Leaves the counts of a vitest run, and why tests were skipped, in a file for scripts/test.mjs.
 * @implements {Reporter}
 */
export default class SummaryReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly import('vitest').SerializedError[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env[SUMMARY_FILE]
    if (file === undefined) return
    /** @type {import('./test-summary.mjs').Summary} */
    const summary = { passed: 0, failed: 0, skipped: 0, skips: [], broken: [] }
    for (const module of modules) addModule(summary, module)
    for (const { message } of unhandledErrors) addBroken(summary, `error outside of any test: ${message}`)
    writeFileSync(file, JSON.stringify(summary))
  }
}

/** @param {import('./test-summary.mjs').Summary} summary @param {import('vitest/node').TestModule} module */
function addModule(summary, module) {
  const file = relative(ROOT, module.moduleId)
  // A file that does not load, or a hook that fails, leaves no failed test behind.
  for (const { message } of module.errors()) addBroken(summary, `${file}: ${message}`)
  for (const suite of module.children.allSuites()) {
    for (const { message } of suite.errors()) addBroken(summary, `${file}: ${suite.fullName}: ${message}`)
  }
  for (const test of module.children.allTests()) {
    const result = test.result()
    if (result.state === 'passed') summary.passed += 1
    else if (result.state === 'failed')
      addBroken(summary, `${file}: ${test.fullName}: ${firstLine(result.errors[0]?.message)}`)
    else if (result.state === 'skipped') addSkip(summary, file, result.note ?? reasonOf(test.options.mode))
    else addBroken(summary, `${file}: ${test.fullName}: never ended`)
  }
}

/** What is too long for a list stands in full in the run's own output. @param {string | undefined} message */
function firstLine(message = 'failed') {
  return message.split('\n', 1)[0]?.slice(0, 200)
}

/** @param {string} mode */
function reasonOf(mode) {
  if (mode === 'todo') return 'still to be written (todo)'
  return 'no reason given: use ctx.skip(reason)'
}

/** @param {import('./test-summary.mjs').Summary} summary @param {string} file @param {string} reason */
function addSkip(summary, file, reason) {
  summary.skipped += 1
  summary.skips.push({ file, reason })
}

/** @param {import('./test-summary.mjs').Summary} summary @param {string} what */
function addBroken(summary, what) {
  summary.failed += 1
  summary.broken.push(what)
}
