import { expect, it } from 'vitest'
import type { CheckHead } from './check.js'
import { assertSelection, isSelected } from './selection.js'

const head = (check: string, level: CheckHead['level'], section: string): CheckHead => ({
  check,
  kind: 'check',
  requirements: [check],
  level,
  chapter: 'Provision',
  section,
  rule: '',
})
const heads = [
  head('PROV-13', 'MUST', 'Provisioning › Response (S 992)'),
  head('PROV-32', 'MUST NOT', 'Provisioning › Body (S 1008)'),
  head('LOI-28', 'SHOULD NOT', 'Polling Last Operation (S 811)'),
  { ...head('probe:hostile-ids', 'note', ''), chapter: 'IDs in URLs' },
]

it.each([
  [{}, ['PROV-13', 'PROV-32', 'LOI-28', 'probe:hostile-ids']],
  [{ checks: ['PROV'] }, ['PROV-13', 'PROV-32']],
  [{ checks: ['PROV-13', 'probe'] }, ['PROV-13', 'probe:hostile-ids']],
  [{ checks: ['PROV-1'] }, []],
  [{ levels: ['MUST'] }, ['PROV-13', 'PROV-32']],
  [{ levels: ['SHOULD', 'note'] }, ['LOI-28', 'probe:hostile-ids']],
  [{ sections: ['polling'] }, ['LOI-28']],
  [{ sections: ['provision'], levels: ['SHOULD'] }, ['LOI-28']],
] as const)('%o selects %o', (selection, wanted) => {
  expect(heads.filter((each) => isSelected(each, selection)).map(({ check }) => check)).toEqual(wanted)
})

it('does not let a typing error pass for a selection', () => {
  expect(() => assertSelection(heads, { checks: ['PROV', 'probe:hostile-ids'], sections: ['Polling'] })).not.toThrow()
  expect(() => assertSelection(heads, { checks: ['PRVO-13'] })).toThrow('there is no check PRVO-13')
  expect(() => assertSelection(heads, { checks: ['AUTH-03'] })).toThrow('AUTH-03 cannot be seen from outside')
  expect(() => assertSelection(heads, { sections: ['Bnding'] })).toThrow('no check of a section "Bnding"')
})
