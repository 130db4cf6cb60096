import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { isAlive, parseProcessRecord } from './process-record.js'

describe.skipIf(process.platform !== 'linux')('process records', () => {
  it('knows a process by pid and start time, not by pid alone', async () => {
    const stat = await readFile('/proc/self/stat', 'utf8')
    const record = parseProcessRecord(`${process.pid}\n${stat}`)
    expect(record && (await isAlive(record))).toBe(true)
    expect(record && (await isAlive({ ...record, startTime: '1' }))).toBe(false)
    expect(await isAlive({ pid: 4_194_304, startTime: record?.startTime ?? '' })).toBe(false)
  })

  it('reads names with blanks and parentheses, the form of ps, and refuses what is torn', () => {
    const fields = Array.from({ length: 50 }, (_, index) => String(index + 3))
    expect(parseProcessRecord(`12\n12 (a) b (c) ${fields.join(' ')}\n`)).toEqual({ pid: 12, startTime: '22' })
    expect(parseProcessRecord('12\nTue Nov 24 20:36:30 2026\n')).toEqual({
      pid: 12,
      startTime: 'Tue Nov 24 20:36:30 2026',
    })
    for (const torn of ['', '12', '12\n', '1\nx', '-5\nx', 'x\ny']) expect(parseProcessRecord(torn)).toBeUndefined()
  })
})
