// Makes `npm test` and `npm run demo` work as the first command on a fresh clone.
// It runs before anything is installed, so it imports nothing but Node itself.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const OLDEST_NODE = [20, 18, 1]

/**
 * @typedef {{ version?: string, resolved?: string, integrity?: string, link?: boolean, optional?: boolean,
 *   devOptional?: boolean, peer?: boolean }} LockEntry
 * @typedef {Record<string, LockEntry>} LockEntries
 */

/**
 * Tells what the tree in node_modules lacks compared with the lock file, in words; `undefined` when nothing.
 * Contents are compared, not times: a checkout gives a lock file a new time without changing it, and an install writes
 * its two lock files in no particular order.
 * @param {LockEntries} wanted `packages` of package-lock.json
 * @param {LockEntries} installed `packages` of node_modules/.package-lock.json
 * @returns {string | undefined}
 */
export function findDifference(wanted, installed) {
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes('node_modules/')) continue
    const present = installed[path]
    if (present === undefined) {
      // npm leaves out what is made for other platforms.
      if (entry.optional || entry.devOptional || entry.peer) continue
      return `${path} is missing`
    }
    if (present.version !== entry.version || present.integrity !== entry.integrity) {
      return `${path} is ${present.version ?? 'another one'}, not ${entry.version ?? 'the one'} of the lock file`
    }
  }
  const extra = Object.keys(installed).find((path) => path.includes('node_modules/') && wanted[path] === undefined)
  return extra === undefined ? undefined : `${extra} is no longer in the lock file`
}

/** @param {string} file @returns {LockEntries} */
function readEntries(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

/** @param {string} root @returns {string | undefined} why an install is needed */
export function whyInstall(root) {
  const installedLock = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedLock)) return 'node_modules is not there yet'
  try {
    return findDifference(readEntries(join(root, 'package-lock.json')), readEntries(installedLock))
  } catch (error) {
    return `the record of what is installed cannot be read (${error instanceof Error ? error.message : String(error)})`
  }
}

/** @param {string} version such as `20.18.1` */
export function isSupportedNode(version) {
  const numbers = version.split('.').map(Number)
  for (const [index, oldest] of OLDEST_NODE.entries()) {
    const actual = numbers[index] ?? 0
    if (actual !== oldest) return actual > oldest
  }
  return true
}

/** @param {string} root */
function installEverything(root) {
  // A workspace or omit option given to the outer npm must not cut down this install.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_config_(workspaces?|omit|include|production)$/i.test(name)),
  )
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund']
  const npm = process.env['npm_execpath']
  const useNpm = npm !== undefined && /npm-cli\.c?js$/.test(npm)
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] }
  return useNpm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
}

/** Installs what is missing; ends the process when that is not possible. */
export function ensureInstalled(root = ROOT) {
  if (!isSupportedNode(process.versions.node)) {
    console.error(`This project needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`)
    process.exit(1)
  }
  const reason = whyInstall(root)
  if (reason === undefined) return
  console.error(`Installing first, because ${reason}: npm ci`)
  const result = installEverything(root)
  if (result.status === 0) return
  console.error(`npm ci failed${result.error ? `: ${result.error.message}` : ''}. Nothing was run.`)
  process.exit(1)
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) ensureInstalled()
