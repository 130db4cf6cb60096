import { defineConfig } from 'tsup'
import { commandBuild } from './build-command.js'

const entries = ['src/index.ts', 'src/conformance.ts', 'src/platform.ts', 'src/testing.ts']
const dts = { entry: entries, compilerOptions: { ignoreDeprecations: '6.0' } }
const common = { target: 'node20', sourcemap: true } as const
// Each build clears away its own files, as they run side by side.
const esm = ['!**/*.cjs', '!**/*.d.cts', '!**/*.cjs.map']
const commonJs = ['!**/*.js', '!**/*.d.ts', '!**/*.js.map', '!{osb,command}.cjs', '!{osb,command}.cjs.map']

export default defineConfig([
  { ...common, entry: entries, format: ['esm'], clean: esm, dts },
  { ...common, entry: entries, format: ['cjs'], clean: commonJs, dts },
  { ...common, ...commandBuild },
])
