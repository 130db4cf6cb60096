import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { NOT_TAKEN } from './definitions.mjs'

const execute = promisify(execFile)
/** Nothing of this host's own package state is read, locked or changed. */
const NO_SHARED_STATE = [
  'Dir::Cache::pkgcache=',
  'Dir::Cache::srcpkgcache=',
  'Debug::NoLocking=1',
  'APT::Sandbox::User=root',
]
const maxBuffer = 64 * 1024 * 1024

/**
 * Debian packages by apt, as if nothing were installed, so that all that they depend on comes with them. Only files are
 * taken out of them: nothing is installed on this host, and no script of a package runs.
 * @param {string} folder for downloads; kept between runs it saves them
 */
export function debianPackages(folder) {
  const archives = join(folder, 'archives')
  const nothing = join(folder, 'nothing')
  const status = join(folder, 'status')
  /** @param {string} cache apt does not list what it has there already */
  const apt = (cache) => [
    '--option',
    `Dir::State::status=${status}`,
    '--option',
    `Dir::Cache::archives=${cache}`,
    ...NO_SHARED_STATE.flatMap((option) => ['--option', option]),
    '--no-install-recommends',
    '--yes',
  ]

  return {
    async prepare() {
      for (const cache of [archives, nothing]) await mkdir(join(cache, 'partial'), { recursive: true })
      await writeFile(status, '')
    },
    /**
     * File names of the packages and of what they depend on, versions included.
     * @param {readonly string[]} names
     * @returns {Promise<string[]>}
     */
    async closure(names) {
      const args = [...apt(nothing), '--print-uris', 'install', ...names]
      const { stdout } = await execute('apt-get', args, { maxBuffer })
      const files = [...stdout.matchAll(/^'[^']+' (\S+) /gm)].map(([, file = '']) => file)
      return files.filter((file) => !NOT_TAKEN.test(file)).sort()
    },
    /** @param {readonly string[]} names */
    async download(names) {
      await execute('apt-get', [...apt(archives), '--download-only', 'install', ...names], { maxBuffer })
    },
    /**
     * @param {readonly string[]} files
     * @param {string} root
     */
    async extract(files, root) {
      await mkdir(root, { recursive: true })
      const there = new Set(await readdir(archives))
      for (const file of files) {
        if (!there.has(file)) throw new Error(`apt-get did not download ${file}`)
        await execute('dpkg-deb', ['--extract', join(archives, file), root])
      }
    },
  }
}
