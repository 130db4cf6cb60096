import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { publicEntries, readPackages, workspaceDependencies } from './packages.mjs'
import { mapLimited, PARALLEL, ROOT, run, runTool } from './run.mjs'

/** @typedef {import('./packages.mjs').Package} Package */
/** @typedef {{ name: string, built: boolean, ok: boolean, output: string }} Build */

// Not in dist, which is packed as it is.
const STAMPS = join(ROOT, 'node_modules', '.cache', 'osb-build')

/**
 * Builds the packages whose sources changed since their last build. Types and imports of a sibling are read from its
 * source (the `@osb/source` condition), so that no build has to wait for another.
 * @param {{ force?: boolean, onBuilt?: (build: Build) => void }} [options]
 * @returns {Promise<Build[]>}
 */
export async function buildPackages({ force = false, onBuilt } = {}) {
  const packages = readPackages()
  mkdirSync(STAMPS, { recursive: true })
  return mapLimited(packages, Math.min(PARALLEL, 3), async (pkg) => {
    const build = await buildPackage(pkg, packages, force)
    onBuilt?.(build)
    return build
  })
}

/** @param {Package} pkg @param {readonly Package[]} all @param {boolean} force @returns {Promise<Build>} */
async function buildPackage(pkg, all, force) {
  const stamp = join(STAMPS, pkg.name)
  const digest = digestOf(pkg, all)
  const isFresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest && missingFiles(pkg).length === 0
  if (isFresh && !force) return { name: pkg.name, built: false, ok: true, output: '' }
  rmSync(stamp, { force: true })
  const { ok, output } = await runTool('tsup', [], { cwd: pkg.folder })
  const missing = ok ? missingFiles(pkg) : []
  if (ok && missing.length === 0) writeFileSync(stamp, digest)
  const complaint =
    missing.length === 0 ? '' : `package.json promises files that the build does not make: ${missing.join(', ')}\n`
  return { name: pkg.name, built: true, ok: ok && missing.length === 0, output: output + complaint }
}

/** @param {Package} pkg */
function missingFiles(pkg) {
  const promised = publicEntries(pkg).flatMap(([, entry]) => [
    ...Object.values(entry.import),
    ...Object.values(entry.require),
  ])
  return [...promised, ...Object.values(pkg.manifest.bin ?? {})].filter((file) => !existsSync(join(pkg.folder, file)))
}

/** @param {Package} pkg @param {readonly Package[]} all @returns {string} */
function digestOf(pkg, all) {
  const hash = createHash('sha256')
  const files = ['package.json', 'tsup.config.ts', 'tsconfig.json'].map((name) => join(pkg.folder, name))
  files.push(join(ROOT, 'package-lock.json'), join(ROOT, 'tsconfig.base.json'), ...sourceFiles(pkg.folder))
  for (const file of files) {
    hash.update(`${relative(ROOT, file)}\0`)
    if (existsSync(file)) hash.update(readFileSync(file))
  }
  // A sibling's types show through in the declarations.
  for (const dependency of workspaceDependencies(pkg, all)) hash.update(digestOf(dependency, all))
  return hash.digest('hex')
}

/** @param {string} folder */
function sourceFiles(folder) {
  const source = join(folder, 'src')
  if (!existsSync(source)) return []
  const names = readdirSync(source, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => /\.[cm]?ts$/.test(name) && !name.endsWith('.test.ts'))
    .toSorted()
    .map((name) => join(source, name))
}

/**
 * Packs every package as `npm publish` would.
 * @param {string} folder where the tarballs go
 * @returns {Promise<Map<string, string>>} file by package name
 */
export async function packPackages(folder) {
  const names = readPackages().map(({ name }) => name)
  const args = ['pack', '--ignore-scripts', '--pack-destination', folder]
  const { ok, output } = await run('npm', [...args, ...names.flatMap((name) => ['--workspace', name])])
  if (!ok) throw new Error(`npm pack failed:\n${output}`)
  return new Map(names.map((name) => [name, join(folder, tarballName(name, folder))]))
}

/** @param {string} name @param {string} folder */
function tarballName(name, folder) {
  const file = readdirSync(folder).find((candidate) => new RegExp(`^${name}-\\d.*\\.tgz$`).test(candidate))
  if (file === undefined) throw new Error(`npm pack made no tarball of ${name}`)
  return file
}
