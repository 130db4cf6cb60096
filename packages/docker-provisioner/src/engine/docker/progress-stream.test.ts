import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readProgress } from './progress-stream.js'

const line = (message: object) => `${JSON.stringify(message)}\r\n`

describe('readProgress', () => {
  it('tells how many layers are done, from lines that chunks tear apart', async () => {
    const text = [
      line({ status: 'Pulling from library/redis', id: '8' }),
      line({ status: 'Download complete', id: 'a', progressDetail: {} }),
      line({ status: 'Downloading', id: 'b', progressDetail: { current: 3 * 1024 * 1024, total: 9 } }),
    ].join('')
    const reports: string[] = []
    await readProgress(Readable.from([text.slice(0, 40) + text.slice(40)]), { onProgress: (it) => reports.push(it) })
    await readProgress(Readable.from([text.slice(0, 40), text.slice(40)]), { onProgress: (it) => reports.push(it) })
    expect(reports).toEqual(Array(2).fill('1 of 2 layers done, 3 MiB on their way'))
  })

  it.each([
    ['in a line', [line({ error: 'manifest unknown' })]],
    ['at the end without a line break', ['{"error":"manifest', ' unknown"}']],
  ])('a failure %s rejects', async (_where, chunks) => {
    const reading = readProgress(Readable.from(chunks))
    await expect(reading).rejects.toMatchObject({ code: 'ENGINE_FAILED', message: 'Docker: manifest unknown' })
  })

  it('silence rejects with TIMEOUT', async () => {
    const silent = new Readable({ read() {} })
    silent.push(line({ status: 'Waiting' }))
    await expect(readProgress(silent, { stallMs: 50 })).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(silent.destroyed).toBe(true)
  })
})
