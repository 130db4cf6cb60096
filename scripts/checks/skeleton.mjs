import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPackages } from '../lib/packages.mjs'
import { ROOT } from '../lib/run.mjs'

/** @typedef {import('../lib/packages.mjs').Package} Package */
/** @typedef {Record<string, unknown>} Json */

// `repository` and the like are published under one address and belong to a release, not to the skeleton.
const SAME_EVERYWHERE = {
  license: 'Apache-2.0',
  type: 'module',
  engines: { node: '>=20.18.1' },
  sideEffects: false,
  main: './dist/index.cjs',
  module: './dist/index.js',
  types: './dist/index.d.ts',
  scripts: { build: 'tsup' },
}
const PACKED = ['dist', 'src', '!src/**/*.test.ts']
// Its installed size has a bar that the sources alone would miss.
const PACKED_WITHOUT_SOURCES = ['vcap-services']
const FILES = ['README.md', 'LICENSE', 'tsconfig.json', 'tsup.config.ts', 'typedoc.json']

/** @param {string} path such as `./node` */
export function expectedEntry(path) {
  const name = path === '.' ? 'index' : path.slice(2)
  return {
    '@osb/source': `./src/${name}.ts`,
    import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
    require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
  }
}

/** @param {Package} pkg @returns {string[]} */
export function checkManifest({ manifest }) {
  const json = /** @type {Json} */ (/** @type {unknown} */ (manifest))
  const complaints = Object.entries(SAME_EVERYWHERE)
    .filter(([key, wanted]) => !isSame(json[key], wanted))
    .map(([key, wanted]) => `"${key}" is not ${JSON.stringify(wanted)}`)
  const files = json['files']
  const packed = PACKED_WITHOUT_SOURCES.includes(manifest.name) ? ['dist'] : PACKED
  if (!Array.isArray(files) || !packed.every((pattern) => files.includes(pattern))) {
    complaints.push(`"files" lacks one of ${JSON.stringify(packed)}`)
  }
  for (const [path, entry] of Object.entries(manifest.exports)) {
    const wanted = path === './package.json' ? path : expectedEntry(path)
    // The order of conditions counts: the first that fits is taken.
    if (JSON.stringify(entry) !== JSON.stringify(wanted)) {
      complaints.push(`"exports" of ${path} is not ${JSON.stringify(wanted)}`)
    }
  }
  for (const path of ['.', './package.json']) {
    if (manifest.exports[path] === undefined) complaints.push(`"exports" lacks ${path}`)
  }
  return complaints
}

/** @param {Package} pkg @returns {string[]} */
function checkFolder({ folder, manifest }) {
  const complaints = FILES.filter((file) => !existsSync(join(folder, file))).map((file) => `${file} is missing`)
  const sources = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [entry['@osb/source']],
  )
  const documented = readJson(join(folder, 'typedoc.json'))['entryPoints']
  const built = existsSync(join(folder, 'tsup.config.ts')) ? readFileSync(join(folder, 'tsup.config.ts'), 'utf8') : ''
  for (const source of sources) {
    const file = source.slice(2)
    if (!existsSync(join(folder, file))) complaints.push(`${file} is missing, which "exports" names`)
    if (!Array.isArray(documented) || !documented.includes(file)) complaints.push(`typedoc.json lacks ${file}`)
    if (!built.includes(`'${file}'`)) complaints.push(`tsup.config.ts lacks ${file}`)
  }
  return complaints
}

/** @param {Package} pkg @param {readonly Package[]} all @returns {string[]} */
function checkSiblings({ manifest }, all) {
  return all
    .filter(({ name }) => manifest.dependencies?.[name] !== undefined)
    .filter(({ name, manifest: sibling }) => manifest.dependencies?.[name] !== `^${sibling.version}`)
    .map(({ name, manifest: sibling }) => `depends on ${name} other than ^${sibling.version}`)
}

/** @param {string} file @returns {Json} */
function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}

/** @param {unknown} left @param {unknown} right */
function isSame(left, right) {
  return JSON.stringify(left) === JSON.stringify(right)
}

/** @returns {Promise<import('../lib/run.mjs').Result>} the five packages have one skeleton */
export async function checkSkeleton(root = ROOT) {
  const packages = readPackages(root)
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8')
  const complaints = packages.flatMap((pkg) => {
    const own = [...checkManifest(pkg), ...checkFolder(pkg), ...checkSiblings(pkg, packages)]
    const file = join(pkg.folder, 'LICENSE')
    if (existsSync(file) && readFileSync(file, 'utf8') !== licence) own.push('LICENSE differs from that of the root')
    return own.map((complaint) => `packages/${pkg.name}: ${complaint}`)
  })
  return { ok: complaints.length === 0, output: complaints.join('\n') }
}
