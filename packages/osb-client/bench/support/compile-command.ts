import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { commandBuild } from '../../build-command.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const folder = join(root, 'node_modules', '.bench-osb')

/** Compiles the command as the package does, but with the sources of its siblings in it. @returns its file */
export async function compileCommand(): Promise<string> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench', version: '0.0.0', type: 'module' }))
  await build({
    ...commandBuild,
    config: false,
    silent: true,
    entry: commandBuild.entry.map((file) => join(root, file)),
    outDir: join(folder, 'dist'),
    noExternal: [/^osb-/, 'vcap-services'],
    external: ['undici', 'zod'],
    esbuildOptions(options) {
      commandBuild.esbuildOptions(options)
      options.conditions = ['@osb/source']
    },
  })
  return join(folder, 'dist', 'osb.cjs')
}
