import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findDifference, isSupportedNode, whyInstall } from '../../scripts/ensure-installed.mjs'

const zod = { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' } }

it.each([
  ['an equal tree', zod, zod, undefined],
  ['the root and the workspaces, which are no dependencies', { '': {}, 'packages/a': {}, ...zod }, zod, undefined],
  ['a part made for another platform', { ...zod, 'node_modules/x-win32': { optional: true } }, zod, undefined],
  ['an empty tree', zod, {}, 'node_modules/zod is missing'],
  ['another version', zod, { 'node_modules/zod': { version: '4.0.0' } }, 'node_modules/zod is 4.0.0, not 4.6.7'],
  ['a leftover', {}, zod, 'node_modules/zod is no longer in the lock file'],
])('finds what differs from the lock file: %s', (_case, wanted, installed, difference) => {
  const found = findDifference(wanted, installed)
  if (difference === undefined) expect(found).toBeUndefined()
  else expect(found).toContain(difference)
})

it('asks for an install where nothing was installed, and where what is installed is older than the lock file', () => {
  const root = mkdtempSync(join(tmpdir(), 'osb-install-'))
  try {
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: zod }))
    expect(whyInstall(root)).toContain('not there yet')
    mkdirSync(join(root, 'node_modules'))
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: zod }))
    expect(whyInstall(root)).toBeUndefined()
    const newer = { 'node_modules/zod': { version: '4.7.0', integrity: 'sha512-b' } }
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: newer }))
    expect(whyInstall(root)).toContain('not 4.7.0')
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), '{')
    expect(whyInstall(root)).toContain('cannot be read')
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

it.each([
  ['20.18.0', false],
  ['20.18.1', true],
  ['20.20.2', true],
  ['18.20.0', false],
  ['22.0.0', true],
])('Node %s is supported: %s', (version, supported) => {
  expect(isSupportedNode(version)).toBe(supported)
})
