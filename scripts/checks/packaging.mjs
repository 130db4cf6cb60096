import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPackages, packPackages } from '../lib/build.mjs'
import { mapLimited, PARALLEL, runTool } from '../lib/run.mjs'

/**
 * Builds, packs, and has the tarballs judged: what counts is what users get.
 * @returns {Promise<import('../lib/run.mjs').Result>}
 */
export async function checkPackaging() {
  const failed = (await buildPackages()).filter(({ ok }) => !ok)
  if (failed.length > 0) return { ok: false, output: failed.map(({ name, output }) => `${name}\n${output}`).join('\n') }
  const folder = mkdtempSync(join(tmpdir(), 'osb-pack-'))
  try {
    const tarballs = await packPackages(folder)
    const verdicts = await mapLimited([...tarballs], PARALLEL, judge)
    return { ok: verdicts.every(({ ok }) => ok), output: verdicts.map(({ output }) => output).join('') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {[name: string, tarball: string]} packed */
async function judge([name, tarball]) {
  const publint = await runTool('publint', ['--strict', tarball])
  // The old resolution (`node10`) knows no `exports`; no Node that is supported here uses it.
  const attw = await runTool('attw', ['--profile', 'node16', '--no-emoji', tarball])
  const output = [publint, attw].filter(({ ok }) => !ok).map((verdict) => `${name}\n${verdict.output}`)
  return { ok: output.length === 0, output: output.join('\n') }
}
