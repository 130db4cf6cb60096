import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The packages compared with, at the versions that were current when the bars were set. */
export const rivals = { cfenv: '1.2.6', '@sap/xsenv': '6.2.2' } as const
export type Rival = keyof typeof rivals

/**
 * Installs each rival into a folder of its own. They are no dependencies of this project: one of them has no free
 * licence, and both bring a lot along.
 *
 * @returns the folder of each, without those that could not be installed
 */
export async function installRivals(home: string): Promise<ReadonlyMap<Rival, string>> {
  const installed = new Map<Rival, string>()
  for (const [name, version] of Object.entries(rivals) as [Rival, string][]) {
    const folder = join(home, name.replace('/', '-'))
    try {
      await install(folder, `${name}@${version}`)
      installed.set(name, folder)
    } catch {
      console.log(`${name} ${version} cannot be installed here, and is left out`)
    }
  }
  return installed
}

/** Installs a package, by its name or its tarball, into a new folder. */
export async function install(folder: string, what: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  // Settings of the npm that runs this (a chosen workspace, say) are not those of the folder.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_workspace/i.test(name)))
  const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--ignore-scripts']
  await run('npm', ['install', ...flags, what], { cwd: folder, env, timeout: 120_000 })
}

/** The bytes of all files that an installation brought. */
export function installedBytes(folder: string): number {
  const files = readdirSync(join(folder, 'node_modules'), { recursive: true, withFileTypes: true })
  return files
    .filter((entry) => entry.isFile() && entry.name !== '.package-lock.json')
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
