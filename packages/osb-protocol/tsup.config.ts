import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/catalog.ts'],
  format: ['esm', 'cjs'],
  target: 'node20',
  sourcemap: true,
  clean: true,
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
