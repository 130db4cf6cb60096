import { spawnSync } from 'node:child_process'
import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testFolder } from '../../test/support/open-test-platform.js'
import { sweepLocks, takeLock } from './lock.js'
import { hasEnded, ownMark } from './process-mark.js'

/** The number of a process that has just ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '0']).pid

function writeLock(path: string, holder: object): void {
  writeFileSync(path, JSON.stringify({ ...ownMark(), token: 'other', ...holder }))
}

describe('takeLock', () => {
  it('keeps others out until it is given back, and leaves nothing', async () => {
    const folder = testFolder()
    const path = join(folder, 'lock')
    const order: string[] = []
    const release = await takeLock(path)
    const second = takeLock(path)
    void second.then(() => order.push('second'))
    order.push('first')
    release()
    const releaseSecond = await second
    releaseSecond()
    expect(order).toEqual(['first', 'second'])
    expect(readdirSync(folder)).toEqual([])
  })

  it('takes over from a process that has ended', async () => {
    const folder = testFolder()
    const path = join(folder, 'lock')
    writeLock(path, { pid: deadPid(), start: '1' })
    const release = await takeLock(path)
    release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('takes over where the one who did so before died in the middle of it', async () => {
    const folder = testFolder()
    const path = join(folder, 'lock')
    writeLock(path, { pid: deadPid(), start: '1', token: 'a' })
    writeLock(`${path}.a`, { pid: deadPid(), start: '1', token: 'b' })
    const release = await takeLock(path)
    release()
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(process.platform !== 'linux')('knows a process by its start, as numbers are used again', () => {
    expect(hasEnded(ownMark())).toBe(false)
    expect(hasEnded({ ...ownMark(), start: '1' })).toBe(true)
  })

  it('lets one at a time through, a dead one first, whoever finds it', async () => {
    const folder = testFolder()
    const path = join(folder, 'lock')
    writeLock(path, { pid: deadPid(), start: '1' })
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const release = await takeLock(path)
        most = Math.max(most, ++inside)
        await new Promise((resolve) => setTimeout(resolve, 1))
        inside--
        release()
      }),
    )
    expect(most).toBe(1)
    expect(readdirSync(folder)).toEqual([])
  })

  it('gives up on a living holder, and says whose it is', async () => {
    const path = join(testFolder(), 'lock')
    writeLock(path, {})
    await expect(takeLock(path, Date.now() - 1)).rejects.toMatchObject({
      code: 'STATE',
      message: `the state is locked by process ${process.pid} on ${hostname()}`,
    })
  })

  it('never takes over from another machine, whose processes it cannot see', async () => {
    const path = join(testFolder(), 'lock')
    writeLock(path, { host: 'elsewhere', pid: 1 })
    await expect(takeLock(path, Date.now() - 1)).rejects.toMatchObject({ code: 'STATE' })
  })

  it('refuses what is no lock', async () => {
    const path = join(testFolder(), 'lock')
    writeFileSync(path, 'text')
    await expect(takeLock(path)).rejects.toMatchObject({ code: 'STATE', message: `${path} is no lock of osb` })
  })

  it('leaves files of its making only until they are swept', () => {
    const folder = testFolder()
    writeLock(join(folder, 'state.lock.dead.new'), { pid: deadPid(), start: '1' })
    writeLock(join(folder, 'state.lock.alive.new'), {})
    writeFileSync(join(folder, 'state.lock.half.new'), '{"pid":')
    writeFileSync(join(folder, 'state.lock.old.new'), '{"pid":')
    utimesSync(join(folder, 'state.lock.old.new'), 0, 0)
    sweepLocks(folder)
    expect(readdirSync(folder)).toEqual(['state.lock.alive.new', 'state.lock.half.new'])
    sweepLocks(join(folder, 'none'))
  })
})
