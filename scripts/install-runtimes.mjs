// `node scripts/install-runtimes.mjs`: brings Bun, Deno and workerd for the tests that run a broker on them. About
// 370 MB in node_modules/.cache, so only where it is asked for, as in CI. Linux on x64 only; elsewhere, put them on the PATH.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run } from './lib/run.mjs'

const FOLDER = join(ROOT, 'node_modules', '.cache', 'osb-runtimes')
/** The packages that hold the programs themselves; `bun`, `deno` and `workerd` only choose one of them. */
const PACKAGES = [
  '@oven/bun-linux-x64-baseline@1.4.4',
  '@deno/linux-x64-glibc@2.9.6',
  '@cloudflare/workerd-linux-64@1.20261117.1',
]

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log('runtimes: there are packages for Linux on x64 only')
} else {
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(join(FOLDER, 'package.json'), '{ "private": true }\n')
  const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--prefer-offline']
  const { ok, output } = await run('npm', ['install', ...flags, ...PACKAGES], { cwd: FOLDER })
  console.log(output.trim())
  process.exitCode = ok ? 0 : 1
}
