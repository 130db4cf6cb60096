// `npm run bench [package …]`: the benchmarks of the packages, one after the other so that they do not disturb each other.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ensureInstalled } from './ensure-installed.mjs'
import { readPackages } from './lib/packages.mjs'
import { ROOT } from './lib/run.mjs'

/** @param {string} folder */
function benchesOf(folder) {
  const bench = join(folder, 'bench')
  if (!existsSync(bench)) return []
  return readdirSync(bench)
    .filter((name) => name.endsWith('.bench.ts'))
    .map((name) => join(bench, name))
}

ensureInstalled()
const wanted = process.argv.slice(2)
const files = readPackages()
  .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  .flatMap(({ folder }) => benchesOf(folder))

if (files.length === 0)
  console.log(
    `No benchmark there${wanted.length > 0 ? ` in ${wanted.join(', ')}` : ''}: looked for packages/*/bench/*.bench.ts`,
  )
for (const file of files) {
  console.log(`\n── ${relative(ROOT, file)}`)
  const { status } = spawnSync(process.execPath, ['--conditions=@osb/source', '--import', 'tsx', file], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) process.exitCode = 1
}
