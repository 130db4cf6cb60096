import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LocalImage } from '../engine/image-source.js'
import { nodeImage } from './node-image.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osb-image-'))
  await mkdir(join(folder, 'src'))
  await writeFile(join(folder, 'src/a.js'), 'one')
  await writeFile(join(folder, 'src/a.test.js'), 'a test')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const describeImage = () => (nodeImage({ name: 'x', folder, include: ['src'] }) as () => Promise<LocalImage>)()

describe('nodeImage', () => {
  it('has a tag that changes with the files, and only with them', async () => {
    const first = await describeImage()
    expect(first.reference).toMatch(/^osb-local\/x:[0-9a-f]{12}$/)
    expect((await describeImage()).reference).toBe(first.reference)
    await writeFile(join(folder, 'src/a.test.js'), 'another test')
    expect((await describeImage()).reference).toBe(first.reference)
    await writeFile(join(folder, 'src/a.js'), 'two')
    expect((await describeImage()).reference).not.toBe(first.reference)
  })

  it('is the same context each time, with the files under app/', async () => {
    const bytes = async () => {
      const chunks: Buffer[] = []
      for await (const chunk of (await describeImage()).tar()) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks)
    }
    const first = await bytes()
    expect(first.includes('app/src/a.js')).toBe(true)
    expect(first.includes('a test')).toBe(false)
    expect((await bytes()).equals(first)).toBe(true)
  })
})
