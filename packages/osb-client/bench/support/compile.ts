import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'tsup'

const folder = dirname(fileURLToPath(import.meta.url))
const outDir = join(folder, '..', '..', 'node_modules', '.bench')

/**
 * Compiles client and server from the sources. What runs TypeScript directly keeps the names of functions by calls that
 * cost time on each request; a build has none.
 */
export async function compile(): Promise<{ readonly clientUrl: string; readonly serverFile: string }> {
  rmSync(outDir, { recursive: true, force: true })
  await build({
    config: false,
    silent: true,
    entry: { client: join(folder, '..', '..', 'src', 'index.ts'), 'server-process': join(folder, 'server-process.ts') },
    outDir,
    outExtension: () => ({ js: '.mjs' }),
    format: 'esm',
    target: 'node20',
    noExternal: [/^osb-/],
    external: ['undici'],
    esbuildOptions(options) {
      options.conditions = ['@osb/source']
    },
  })
  return { clientUrl: pathToFileURL(join(outDir, 'client.mjs')).href, serverFile: join(outDir, 'server-process.mjs') }
}
