import { defineConfig } from 'tsup'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/express.ts',
    'src/fastify.ts',
    'src/hono.ts',
    'src/koa.ts',
    'src/jwt.ts',
    'src/node.ts',
    'src/sqlite.ts',
    'src/postgres.ts',
    'src/testing.ts',
  ],
  format: ['esm', 'cjs'],
  target: 'node20',
  sourcemap: true,
  clean: true,
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
