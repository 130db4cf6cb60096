import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { ROOT } from '../lib/run.mjs'

const LIMIT = 250
// A test file is a table of cases, which reads well at some length.
const TEST_LIMIT = 400
const FOLDERS = ['packages', 'examples', 'scripts', 'test']
const CODE = /\.[cm]?[jt]s$/
const TEST = /\.test(-d)?\.ts$/
const NOT_OURS = /(^|\/)(node_modules|dist|coverage)\//

/** The exceptions: path → reason. */
const LIST = 'scripts/checks/long-files.json'

/**
 * Says which files are too long, and which exceptions are not needed or give no reason.
 * @param {readonly { path: string, lines: number }[]} files
 * @param {Record<string, string>} exceptions
 * @returns {string[]}
 */
export function findLongFiles(files, exceptions) {
  const long = files.filter(({ path, lines }) => lines > limitOf(path))
  const complaints = long
    .filter(({ path }) => exceptions[path] === undefined)
    .map(
      ({ path, lines }) => `${path}: ${lines} lines, ${limitOf(path)} allowed: split it, or give a reason in ${LIST}`,
    )
  for (const [path, reason] of Object.entries(exceptions)) {
    if (reason.trim() === '') complaints.push(`${LIST}: ${path} has no reason`)
    if (!long.some((file) => file.path === path)) complaints.push(`${LIST}: ${path} is no longer too long: remove it`)
  }
  return complaints
}

/** @param {string} path */
function limitOf(path) {
  return TEST.test(path) ? TEST_LIMIT : LIMIT
}

/** @param {string} root */
function readFiles(root) {
  return FOLDERS.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => codeFiles(join(root, folder)))
    .map((file) => ({
      path: relative(root, file).replaceAll(sep, '/'),
      lines: readFileSync(file, 'utf8').replace(/\n$/, '').split('\n').length,
    }))
}

/** @param {string} folder @returns {string[]} */
function codeFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return NOT_OURS.test(`${path.replaceAll(sep, '/')}/`) ? [] : codeFiles(path)
    return CODE.test(entry.name) ? [path] : []
  })
}

/** @returns {Promise<import('../lib/run.mjs').Result>} */
export async function checkFileLength(root = ROOT) {
  const complaints = findLongFiles(readFiles(root), JSON.parse(readFileSync(join(root, LIST), 'utf8')))
  return { ok: complaints.length === 0, output: complaints.join('\n') }
}
