import { accessSync, constants } from 'node:fs'

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * The path of a Chromium, or why there is none. `CHROMIUM` names another than the usual ones.
 * @throws where CI has none, so that no test is left out there
 */
export function findChromium(): { readonly path: string } | { readonly reason: string } {
  const named = process.env['CHROMIUM']
  const path = (named === undefined ? usual : [named]).find(isExecutable)
  if (path !== undefined) return { path }
  const reason = `no Chromium at ${named ?? usual.join(', ')}; install Debian's package chromium, or set CHROMIUM`
  if (process.env['CI'] === 'true') throw new Error(reason)
  return { reason }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
