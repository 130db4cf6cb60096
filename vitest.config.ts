import { readdirSync } from 'node:fs'
import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

const packages = readdirSync(new URL('packages', import.meta.url))

/** Tests beside the sources of one folder and in its `test/`; `*.docker.test.ts` ask for an engine themselves. */
const folder = (name: string, root: string) => ({
  extends: true as const,
  root,
  test: { name, include: ['src/**/*.test.ts', 'test/**/*.test.ts'] },
})

export default defineConfig({
  // Tests run on the sources, siblings included; `resolve.conditions` has no effect on tests under Node.
  ssr: { resolve: { conditions: ['@osb/source', ...defaultServerConditions] } },
  test: {
    // A process per file: native modules (libsql) and signal handlers do not get along with threads.
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    coverage: { provider: 'v8', include: ['packages/*/src/**'], exclude: ['**/*.test.ts'] },
    projects: [
      ...packages.map((name) => folder(name, `packages/${name}`)),
      { extends: true, test: { name: 'examples', include: ['examples/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'root', include: ['test/**/*.test.ts', 'scripts/**/*.test.ts'], exclude: ['test/packaging/**'] },
      },
      {
        // One compiler run for the type tests of all packages, instead of one for each.
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/*/test/types/**/*.test-d.ts'],
            tsconfig: './tsconfig.types.json',
            spawnTimeout: 120_000,
          },
        },
      },
      {
        // Last, and alone: it builds, and installs into an empty folder.
        extends: true,
        test: {
          name: 'packaging',
          include: ['test/packaging/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
