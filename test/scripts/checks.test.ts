import { describe, expect, it } from 'vitest'
import { findLongFiles } from '../../scripts/checks/file-length.mjs'
import { checkManifest, expectedEntry } from '../../scripts/checks/skeleton.mjs'
import { readPackages, workspaceDependencies } from '../../scripts/lib/packages.mjs'
import { mapLimited } from '../../scripts/lib/run.mjs'
import { formatCounts, formatSkips, requireDocker } from '../../scripts/lib/test-summary.mjs'

describe('file length', () => {
  const long = { path: 'packages/a/src/long.ts', lines: 251 }

  it.each([
    ['a file at the limit', [{ path: 'packages/a/src/full.ts', lines: 250 }], {}, 0],
    ['a file over it', [long], {}, 1],
    ['a test, which may be longer', [{ path: 'packages/a/src/long.test.ts', lines: 400 }], {}, 0],
    ['a test over its own limit', [{ path: 'packages/a/src/long.test.ts', lines: 401 }], {}, 1],
    ['an exception with a reason', [long], { [long.path]: 'one table' }, 0],
    ['an exception without one', [long], { [long.path]: ' ' }, 1],
    ['an exception that nothing needs', [], { [long.path]: 'one table' }, 1],
  ])('%s', (_case, files, exceptions, complaints) => {
    expect(findLongFiles(files, exceptions)).toHaveLength(complaints)
  })
})

describe('skeleton', () => {
  const [pkg] = readPackages()
  if (pkg === undefined) throw new Error('no package')

  it('accepts a package as it is', () => {
    expect(checkManifest(pkg)).toEqual([])
  })

  it('names what differs, the order of conditions included', () => {
    const { import: esm, require: commonJs, '@osb/source': source } = expectedEntry('.')
    const swapped = { import: esm, '@osb/source': source, require: commonJs }
    const manifest = { ...pkg.manifest, license: 'MIT', exports: { ...pkg.manifest.exports, '.': swapped } }
    const complaints = checkManifest({ ...pkg, manifest })
    expect(complaints).toHaveLength(2)
    expect(complaints[0]).toContain('"license" is not "Apache-2.0"')
    expect(complaints[1]).toContain('"exports" of . is not')
  })
})

it('packages come after those that they depend on', () => {
  const packages = readPackages()
  for (const [index, pkg] of packages.entries()) {
    for (const dependency of workspaceDependencies(pkg, packages)) {
      expect(packages.indexOf(dependency)).toBeLessThan(index)
    }
  }
})

it('work is done in order, and not more at a time than allowed', async () => {
  let running = 0
  let most = 0
  const results = await mapLimited([3, 1, 2], 2, async (item) => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setTimeout(resolve, item))
    running -= 1
    return item * 10
  })
  expect(results).toEqual([30, 10, 20])
  expect(most).toBe(2)
})

describe('test summary', () => {
  const skips = [
    { file: 'packages/a/src/a.docker.test.ts', reason: 'no Docker engine answers' },
    { file: 'packages/a/src/a.docker.test.ts', reason: 'no Docker engine answers' },
    { file: 'packages/a/src/a.test.ts', reason: 'PostgreSQL is not there' },
  ]
  const summary = { passed: 5, failed: 0, skipped: 3, skips, broken: [] }

  it('says how many were skipped and why', () => {
    expect(formatSkips(skips).split('\n')).toEqual([
      'Skipped, and why (3):',
      '  2 × no Docker engine answers',
      '      packages/a/src/a.docker.test.ts (2)',
      '  1 × PostgreSQL is not there',
      '      packages/a/src/a.test.ts (1)',
    ])
    expect(formatSkips([])).toBe('No test was skipped.')
    expect(formatCounts(summary)).toBe('5 passed, 0 failed, 3 skipped')
  })

  it('counts a skipped Docker test as failed where Docker is required', () => {
    const required = requireDocker(summary)
    expect(formatCounts(required)).toBe('5 passed, 2 failed, 1 skipped')
    expect(required.broken[0]).toContain('OSB_REQUIRE_DOCKER')
  })
})
