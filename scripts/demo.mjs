// `npm run demo`: installs what is missing, then runs scripts/demo/main.ts on the sources, with the same arguments.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './ensure-installed.mjs'

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

ensureInstalled()
const scripts = dirname(fileURLToPath(import.meta.url))
const main = join(scripts, 'demo', 'main.ts')
const child = spawn(process.execPath, ['--conditions=@osb/source', '--import', 'tsx', main, ...process.argv.slice(2)], {
  cwd: dirname(scripts),
  stdio: ['ignore', 'inherit', 'inherit'],
  // A terminal sends Ctrl-C to the whole process group. In a group of its own the demo gets it once, from here,
  // whichever process it was sent to, and has the time to clean up.
  detached: process.platform !== 'win32',
})
for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))

// `npm run` hands a SIGTERM to its shell only, which leaves this process behind without a parent.
const parent = process.ppid
const watch = setInterval(() => {
  if (process.ppid === parent) return
  clearInterval(watch)
  child.kill('SIGTERM')
}, 500)
watch.unref()

child.on('error', (error) => {
  console.error(`The demo could not be started: ${error.message}`)
  process.exitCode = 1
})
child.on('close', (code, signal) => {
  process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
})
