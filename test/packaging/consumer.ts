import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildPackages, packPackages } from '../../scripts/lib/build.mjs'
import { publicEntries, readPackages } from '../../scripts/lib/packages.mjs'
import { ROOT } from '../../scripts/lib/run.mjs'

const execute = promisify(execFile)

/** An empty folder into which the packed packages were installed, as a user would. */
export interface Consumer {
  readonly folder: string
  /** Everything that can be imported: `osb-server`, `osb-server/node` … */
  readonly specifiers: readonly string[]
  readonly commands: readonly string[]
}

/** A copy of zod that is not ours, of another version, as apps have. */
export const otherZod = 'other-zod'

export async function installPackages(): Promise<Consumer> {
  const failed = (await buildPackages()).filter(({ ok }) => !ok)
  if (failed.length > 0) throw new Error(failed.map(({ name, output }) => `${name}\n${output}`).join('\n'))
  // The real path, as resolution reports it (/tmp may be a link).
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'osb-consumer-')))
  await mkdir(join(folder, 'tarballs'))
  const tarballs = await packPackages(join(folder, 'tarballs'))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  await install(folder, [...tarballs.values(), ...(await companions()), `${otherZod}@npm:zod@4.3.6`])
  const packages = readPackages()
  return {
    folder,
    specifiers: packages.flatMap((pkg) => publicEntries(pkg).map(([specifier]) => specifier)),
    commands: packages.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {})),
  }
}

async function install(folder: string, what: readonly string[]): Promise<void> {
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', ...what]
  // Settings of the npm that runs these tests (a chosen workspace, say) are not those of the consumer.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_workspace/i.test(name)))
  await execute('npm', args, { cwd: folder, env })
}

/** Optional peers, which `./sqlite` and the like need, and the types of Node, at the versions that we test with. */
async function companions(): Promise<string[]> {
  const peers = readPackages().flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}))
  const names = [...new Set([...peers, '@types/node'])]
  return Promise.all(names.map(async (name) => `${name}@${await installedVersion(name)}`))
}

async function installedVersion(name: string): Promise<string> {
  return JSON.parse(await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version
}

/** Runs a script in the folder and reads the JSON that it prints. */
export async function runScript<T>({ folder }: Consumer, name: string, source: string): Promise<T> {
  await writeFile(join(folder, name), source)
  const { stdout } = await execute(process.execPath, [name], { cwd: folder })
  return JSON.parse(stdout)
}

/** Compiles one file with nothing skipped; answers with the files that the compiler read. */
export async function compile({ folder }: Consumer, name: string, source: string): Promise<string[]> {
  await writeFile(join(folder, name), source)
  const flags = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--exactOptionalPropertyTypes', '--listFiles']
  const target = ['--module', 'NodeNext', '--moduleResolution', 'NodeNext', '--target', 'ES2023', '--types', 'node']
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const compiled = execute(process.execPath, [compiler, ...flags, ...target, name], { cwd: folder, maxBuffer: 2 ** 24 })
  const { stdout } = await compiled.catch((error: { stdout: string }) => {
    throw new Error(
      error.stdout
        .split('\n')
        .filter((line) => !line.startsWith('/'))
        .join('\n'),
    )
  })
  return stdout.trim().split('\n')
}

export async function runCommand({ folder }: Consumer, command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(join(folder, 'node_modules', '.bin', command), [...args], { cwd: folder })
  return stdout
}
