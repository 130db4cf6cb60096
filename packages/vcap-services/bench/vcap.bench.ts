// What reading bound services costs, beside JSON.parse and the packages that apps use today: CPU time of a parse and five
// lookups, user CPU time of an import, bytes installed, bytes bundled. OSB_BENCH_PAIRS (default 31).
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'tsup'
import { buildPackages, packPackages } from '../../../scripts/lib/build.mjs'
import { install, installedBytes, installRivals } from './support/rivals.js'
import { format, judge, spreadOf, type Verdict } from './support/statistics.js'

const run = promisify(execFile)
const rounds = Number(process.env['OSB_BENCH_PAIRS'] ?? 31)
const here = dirname(fileURLToPath(import.meta.url))
const home = join(here, '..', 'node_modules', '.bench')
const bars = [
  { ours: 1.5, strict: 3 },
  { ours: 1.3, strict: 3 },
]
const maxBundleBytes = 5 * 1024

let isGood = true
function tell(name: string, text: string, verdict?: Verdict): void {
  if (verdict === 'MISSED') isGood = false
  console.log(`${name.padEnd(30)}${text.padEnd(26)}${verdict ?? ''}`)
}

/** Bundles a source for Node. */
async function bundle(name: string, file: string, minify: boolean): Promise<string> {
  await build({
    config: false,
    silent: true,
    entry: { [name]: file },
    outDir: home,
    outExtension: () => ({ js: '.mjs' }),
    format: 'esm',
    target: 'node20',
    minify,
    treeshake: true,
    esbuildOptions: (options) => void (options.conditions = ['@osb/source']),
  })
  return join(home, `${name}.mjs`)
}

async function compareCalls(folders: ReadonlyMap<string, string>): Promise<void> {
  const file = await bundle('measure-calls', join(here, 'support', 'measure-calls.ts'), false)
  const { stdout } = await run(process.execPath, [file, JSON.stringify(Object.fromEntries(folders)), String(rounds)], {
    maxBuffer: 2 ** 24,
  })
  const results = JSON.parse(stdout) as { bytes: number; costs: Record<string, number[]> }[]
  for (const [index, { bytes, costs }] of results.entries()) {
    const reference = costs['JSON.parse'] ?? []
    const ratios = (name: string) => (costs[name] ?? []).map((cost, round) => cost / (reference[round] ?? Number.NaN))
    const control = spreadOf(ratios('JSON.parse again')).median
    const bar = bars[index] ?? { ours: 0, strict: 0 }
    console.log(
      `\na parse and five lookups of ${bytes} bytes, as multiples of JSON.parse (${spreadOf(reference).median.toFixed(0)} µs):`,
    )
    for (const name of Object.keys(costs)) {
      const spread = spreadOf(ratios(name))
      const limit = { 'vcap-services': bar.ours, 'vcap-services strict': bar.strict }[name]
      const text = limit === undefined ? format(spread) : `${format(spread)} ≤ ${limit}`
      tell(name, text, limit === undefined ? undefined : judge(spread.median, limit, control))
    }
    const ours = spreadOf(ratios('vcap-services, process.env')).median
    for (const name of folders.keys()) {
      const ratio = spreadOf(
        (costs[name] ?? []).map((cost, round) => (costs['vcap-services, process.env']?.[round] ?? Number.NaN) / cost),
      )
      tell(`less than ${name}`, format(ratio), judge(ratio.median, 1, control))
    }
    if (Number.isNaN(ours)) isGood = false
  }
}

/** User CPU time of a process that imports a package, less that of one that imports nothing, in milliseconds. */
function compareImports(folders: ReadonlyMap<string, string>): void {
  const script = 'const { user } = process.cpuUsage(); console.log(user / 1000)'
  const costs = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const [name, folder] of [['nothing', home] as const, ...folders]) {
      const source = name === 'nothing' ? script : `await import('${name}'); ${script}`
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
        cwd: folder,
        encoding: 'utf8',
      })
      costs.set(name, [...(costs.get(name) ?? []), Number(stdout)])
    }
  }
  console.log('\nimport, user CPU time in ms above an empty process:')
  const empty = spreadOf(costs.get('nothing') ?? []).median
  const ours = spreadOf(costs.get('vcap-services') ?? []).median - empty
  for (const name of folders.keys()) {
    const cost = spreadOf(costs.get(name) ?? []).median - empty
    const verdict = name === 'vcap-services' ? undefined : ours < cost ? 'reached' : 'MISSED'
    tell(name, cost.toFixed(1), verdict)
  }
}

function compareSizes(folders: ReadonlyMap<string, string>): void {
  console.log('\ninstalled, bytes with all dependencies:')
  const ours = installedBytes(folders.get('vcap-services') ?? '')
  for (const [name, folder] of folders) {
    const bytes = installedBytes(folder)
    tell(name, String(bytes), name === 'vcap-services' ? undefined : ours < bytes ? 'reached' : 'MISSED')
  }
}

async function measureBundle(): Promise<void> {
  const entry = join(home, 'parse-and-select.ts')
  writeFileSync(entry, "export { readVcapServices } from 'vcap-services'\n")
  const { length } = gzipSync(await readBundle(entry), { level: 9 })
  console.log('\nbundle of readVcapServices with all sources and selectors, minified and gzipped:')
  tell('vcap-services', `${length} bytes ≤ ${maxBundleBytes}`, length <= maxBundleBytes ? 'reached' : 'MISSED')
}

async function readBundle(entry: string): Promise<Buffer> {
  const { readFile } = await import('node:fs/promises')
  return readFile(await bundle('bundle', entry, true))
}

/** Our own package, packed and installed as its users get it. */
async function installOurs(): Promise<string> {
  const failed = (await buildPackages()).filter(({ ok }) => !ok)
  if (failed.length > 0) throw new Error(failed.map(({ output }) => output).join('\n'))
  const tarballs = join(home, 'tarballs')
  mkdirSync(tarballs, { recursive: true })
  const tarball = (await packPackages(tarballs)).get('vcap-services') ?? ''
  const folder = join(home, 'ours')
  await install(folder, tarball)
  return folder
}

rmSync(home, { recursive: true, force: true })
mkdirSync(home, { recursive: true })
const rivals = await installRivals(home)
console.log(`Node ${process.version}, ${rounds} rounds, forwards and backwards; median (lowest–highest)`)
await compareCalls(rivals)
const all = new Map<string, string>([['vcap-services', await installOurs()], ...rivals])
compareImports(all)
compareSizes(all)
await measureBundle()
process.exitCode = isGood ? 0 : 1
