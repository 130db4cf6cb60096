import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

/**
 * @typedef {{ types: string, default: string }} Target
 * @typedef {{ '@osb/source': string, import: Target, require: Target }} Entry
 * @typedef {{ name: string, version: string, exports: Record<string, Entry | string>, bin?: Record<string, string>,
 *   dependencies?: Record<string, string>, devDependencies?: Record<string, string>,
 *   peerDependencies?: Record<string, string> }} Manifest
 * @typedef {{ name: string, folder: string, manifest: Manifest }} Package
 */

/**
 * The published packages, each after those that it depends on.
 * @returns {Package[]}
 */
export function readPackages(root = ROOT) {
  const found = readdirSync(join(root, 'packages')).map((name) => readPackage(join(root, 'packages', name)))
  /** @type {Package[]} */
  const ordered = []
  while (ordered.length < found.length) {
    const ready = found.filter(
      (candidate) => !ordered.includes(candidate) && dependenciesWithin(candidate, ordered, found),
    )
    if (ready.length === 0) throw new Error('the packages depend on each other in a circle')
    ordered.push(...ready)
  }
  return ordered
}

/** @param {string} folder @returns {Package} */
function readPackage(folder) {
  const manifest = /** @type {Manifest} */ (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  return { name: manifest.name, folder, manifest }
}

/**
 * The dependencies of a package that live in this workspace.
 * @param {Package} pkg
 * @param {readonly Package[]} all
 */
export function workspaceDependencies({ manifest }, all) {
  return all.filter(({ name }) => manifest.dependencies?.[name] !== undefined)
}

/** @param {Package} pkg @param {readonly Package[]} done @param {readonly Package[]} all */
function dependenciesWithin(pkg, done, all) {
  return workspaceDependencies(pkg, all).every((dependency) => done.includes(dependency))
}

/**
 * What a user can import, with its files: `['osb-server/node', entry]`.
 * @param {Package} pkg
 * @returns {[specifier: string, entry: Entry][]}
 */
export function publicEntries({ name, manifest }) {
  return Object.entries(manifest.exports).flatMap(([path, entry]) =>
    typeof entry === 'string' ? [] : [/** @type {[string, Entry]} */ ([`${name}${path.slice(1)}`, entry])],
  )
}
