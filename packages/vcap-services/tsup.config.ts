import { defineConfig } from 'tsup'

const entries = ['src/index.ts', 'src/dump.ts', 'src/readers.ts']
const dts = { entry: entries, compilerOptions: { ignoreDeprecations: '6.0' } }
// Each build clears away its own files, as the two run side by side.
const esm = ['!**/*.cjs', '!**/*.d.cts']
const commonJs = ['!**/*.js', '!**/*.d.ts']

// No source maps: they, and the sources that they name, would be most of what is installed, which has a bar.
export default defineConfig([
  // The command is nobody's import, so that one format of it is enough.
  { entry: [...entries, 'src/vcap.ts'], format: ['esm'], target: 'node20', clean: esm, dts },
  { entry: entries, format: ['cjs'], target: 'node20', clean: commonJs, dts },
])
