import { expect, it } from 'vitest'
import { compareVersions, isSemanticVersion } from './semantic-version.js'

it.each([
  ['1.0.0', true],
  ['2.1.1+abcdef', true],
  ['1.0.0-rc.1+5', true],
  ['1.0', false],
  ['01.0.0', false],
  ['1.0.0-01', false],
  ['v1.0.0', false],
  [`1.0.0-${'a'.repeat(256)}`, false],
])('MNT-01: %s is a semantic version: %s', (text, expected) => {
  expect(isSemanticVersion(text)).toBe(expected)
})

it('MNT-02: orders versions by precedence', () => {
  const ordered = [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0',
    '1.9.0',
  ]
  const more = [...ordered, '1.10.0', '2.0.0']
  for (const [index, version] of more.entries())
    for (const [other, second] of more.entries())
      expect(Math.sign(compareVersions(version, second))).toBe(Math.sign(index - other))
  expect(compareVersions('1.0.0+a', '1.0.0+b')).toBe(0)
  expect(compareVersions('1.0', '2.0.0')).toBe(0)
})
