import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, launch, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toHtml } from '../../../src/conformance/reports/to-html.js'
import { findChromium } from './find-chromium.js'
import { sampleReport } from './sample-report.js'

const chromium = findChromium()
if ('reason' in chromium) console.warn(`The page of the report is not opened in a browser: ${chromium.reason}`)

describe.skipIf('reason' in chromium)('the report in a browser', () => {
  let browser: Browser
  let page: Page
  let folder: string
  const complaints: string[] = []
  const requested: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'osb-report-'))
    const file = join(folder, 'report.html')
    await writeFile(file, toHtml(sampleReport))
    // As root, which tests in a container are, Chromium needs to be told to go without its own sandbox.
    browser = await launch({
      executablePath: 'path' in chromium ? chromium.path : '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
      userDataDir: join(folder, 'profile'),
    })
    page = await browser.newPage()
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('request', (request) => requested.push(request.url()))
    await page.goto(pathToFileURL(file).href)
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }, 60_000)

  const shown = (): Promise<(string | null)[]> =>
    page.$$eval('.result:not([hidden])', (results) =>
      results.map((result) => result.querySelector('.ids')?.textContent ?? null),
    )
  const search = (text: string): Promise<void> =>
    page.$eval(
      '#search',
      (input, value) => {
        const field = input as unknown as { value: string }
        field.value = value
        input.dispatchEvent(new Event('input'))
      },
      text,
    )

  it('shows findings at first, and says how many of all', async () => {
    expect(await shown()).toEqual([
      'note CAT-24',
      'MUST PROV-13',
      'MUST PROV-19',
      'SHOULD RID-04',
      'probe:parallel-provisions',
    ])
    expect(await page.$eval('#shown', (line) => line.textContent)).toBe('5 of 7 results shown')
  })

  it('filters by words, outcome, chapter and level', async () => {
    await search('conflict 409')
    expect(await shown()).toEqual([])
    await search('DIFFERENT 409')
    expect(await shown()).toEqual(['MUST PROV-19'])
    await search('')
    await page.click('.choice[data-outcome=fail]')
    expect(await shown()).toEqual(['note CAT-24', 'SHOULD RID-04', 'probe:parallel-provisions'])
    await page.click('.choice[data-outcome=fail]')
    await page.click('.choice[data-outcome=pass]')
    await page.select('#chapter', 'Catalog')
    expect(await shown()).toEqual(['note CAT-24', 'MUST CAT-11'])
    await page.select('#level', 'MUST')
    expect(await shown()).toEqual(['MUST CAT-11'])
    await page.select('#level', '')
    await page.select('#chapter', '')
  })

  it('shows a chapter that is chosen in the overview, with what passed', async () => {
    await page.click('[data-show="Binding rotation"]')
    expect(await shown()).toEqual(['MUST ROT-06'])
    await page.select('#chapter', '')
  })

  it('opens and closes what is shown, and changes light and dark', async () => {
    const open = () => page.$$eval('.result[open]', (results) => results.length)
    await page.click('#open')
    expect(await open()).toBe(7)
    await page.click('#open')
    expect(await open()).toBe(0)
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const before = await background()
    await page.click('#theme')
    expect(await background()).not.toBe(before)
  })

  it('runs nothing of what the broker answered, asks for nothing, and complains of nothing', async () => {
    expect(await page.evaluate(() => 'attacked' in globalThis)).toBe(false)
    expect(requested.filter((url) => !url.startsWith('file:'))).toEqual([])
    expect(requested).toHaveLength(1)
    expect(complaints).toEqual([])
  })

  it('fits a narrow screen', async () => {
    await page.setViewport({ width: 360, height: 800 })
    const wide = await page.evaluate('document.documentElement.scrollWidth')
    expect(wide).toBe(360)
  })
})
