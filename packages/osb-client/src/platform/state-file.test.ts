import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testFolder } from '../../test/support/open-test-platform.js'
import { openStateFile, stateFolder } from './state-file.js'

describe('stateFolder', () => {
  it.each([
    [{ OSB_HOME: '/own', XDG_STATE_HOME: '/xdg', HOME: '/home/u' }, '/own'],
    [{ OSB_HOME: '', XDG_STATE_HOME: '/xdg', HOME: '/home/u' }, '/xdg/osb'],
    [{ XDG_STATE_HOME: 'relative', HOME: '/home/u' }, '/home/u/.local/state/osb'],
    [{ HOME: '/home/u' }, '/home/u/.local/state/osb'],
  ])('%j is %s', (env, folder) => {
    expect(stateFolder(env)).toBe(folder)
  })
})

describe('openStateFile', () => {
  it('reads a new state where there is none, and makes nothing', () => {
    const folder = join(testFolder(), 'new')
    expect(openStateFile(folder).read()).toMatchObject({ version: 1, brokers: [], instances: [] })
    expect(existsSync(folder)).toBe(false)
  })

  it('keeps changes, readable by their user alone, and leaves no lock', async () => {
    const folder = join(testFolder(), 'new')
    const file = openStateFile(folder)
    await file.change((state) => {
      state.user = { guid: 'g', name: 'somebody' }
    })
    expect(openStateFile(folder).read().user).toEqual({ guid: 'g', name: 'somebody' })
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'state.json')).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['state.json'])
  })

  it('writes nothing when a change throws, and lets the next one through', async () => {
    const folder = testFolder()
    const file = openStateFile(folder)
    await file.change(() => {})
    const before = readFileSync(join(folder, 'state.json'), 'utf8')
    const failing = file.change((state) => {
      state.apps = []
      state.user = { guid: 'g', name: 'n' }
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe(before)
    expect(readdirSync(folder)).toEqual(['state.json'])
  })

  it('loses no change of many at once', async () => {
    const file = openStateFile(testFolder())
    await Promise.all(
      Array.from({ length: 40 }, (_each, at) =>
        file.change((state) => void state.apps.push({ guid: `${at}`, name: 'a', space_guid: 's', created_at: '' })),
      ),
    )
    expect(file.read().apps).toHaveLength(40)
  })

  it.each(['', '{', '[]', 'null', '{"version":2}', '{"password":"hunter2"'])(
    'refuses %j without repeating it',
    async (text) => {
      const folder = testFolder()
      writeFileSync(join(folder, 'state.json'), text)
      const file = openStateFile(folder)
      const said = `${join(folder, 'state.json')} is no state of this version of osb`
      expect(() => file.read()).toThrow(said)
      await expect(file.change(() => {})).rejects.toMatchObject({ code: 'STATE', message: said })
      expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe(text)
    },
  )

  it('says what cannot be read, made or written', async () => {
    const folder = testFolder()
    mkdirSync(join(folder, 'state.json'))
    expect(() => openStateFile(folder).read()).toThrow('cannot be read (EISDIR)')
    writeFileSync(join(folder, 'file'), '')
    await expect(openStateFile(join(folder, 'file', 'below')).change(() => {})).rejects.toThrow(
      'cannot be made (ENOTDIR)',
    )
  })
})
