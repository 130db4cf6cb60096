import { defineConfig } from 'tsup'

const entries = ['src/index.ts', 'src/conformance.ts', 'src/platform.ts', 'src/testing.ts']
const dts = { entry: entries, compilerOptions: { ignoreDeprecations: '6.0' } }
const common = { target: 'node20', sourcemap: true, dts } as const
// Each build clears away its own files, as the two run side by side.
const esm = ['!**/*.cjs', '!**/*.d.cts', '!**/*.cjs.map']
const commonJs = ['!**/*.js', '!**/*.d.ts', '!**/*.js.map']

export default defineConfig([
  // The command is nobody's import, so that one format of it is enough. Its verbs are files of their own (splitting), so
  // that none loads what another needs.
  { ...common, entry: [...entries, 'src/osb.ts'], format: ['esm'], splitting: true, clean: esm },
  { ...common, entry: entries, format: ['cjs'], clean: commonJs },
])
