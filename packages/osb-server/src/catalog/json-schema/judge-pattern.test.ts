import { expect, it } from 'vitest'
import { judgePattern } from './judge-pattern.js'

it.each([
  ['bounded', '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'],
  ['bounded', '^[0-9]+(Mi|Gi)$'],
  ['bounded', '^.{0,255}$'],
  ['bounded', '^(?=.*[a-z])(?=.*\\d).{8,64}$'],
  ['bounded', '^(?<word>[a-z]+)-\\d\\d$'],
  ['many ways', '^(?:(?:25[0-5]|2[0-4]\\d|[01]?\\d\\d?)\\.){3}(?:25[0-5]|2[0-4]\\d|[01]?\\d\\d?)$'],
  ['unbounded', '^(a+)+$'],
  ['unbounded', '(a|a)*$'],
  ['unbounded', '^([a-z]+-?)*[a-z]+$'],
  ['unbounded', '^\\S+@\\S+$'],
  ['unbounded', '(?<word>a+)+$'],
])('judges as %s: %s', (verdict, pattern) => {
  expect(judgePattern(pattern)).toBe(verdict)
})
