// `npm run build`: all packages; `--changed` leaves out those whose sources did not change since the last build.
import { ensureInstalled } from './ensure-installed.mjs'
import { buildPackages } from './lib/build.mjs'

ensureInstalled()
const startedAt = performance.now()
const builds = await buildPackages({
  force: !process.argv.includes('--changed'),
  onBuilt({ name, built, ok, output }) {
    console.log(`${ok ? '✓' : '✗'} ${name}${built ? '' : ' (unchanged)'}`)
    if (!ok) console.log(output)
  },
})
console.log(`build: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
process.exitCode = builds.every(({ ok }) => ok) ? 0 : 1
