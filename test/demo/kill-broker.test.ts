import { expect, it } from 'vitest'
import { killDuringProvision } from './kill-scenario.js'

it('a broker killed during a provision finds its way after a restart', { timeout: 300_000 }, async () => {
  const ends = await killDuringProvision('embedded', [0, 20, 60, 150])
  expect(ends).toEqual(ends.map(() => 'succeeded'))
})
