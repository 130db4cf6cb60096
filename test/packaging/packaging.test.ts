import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Consumer, compile, installPackages, runCommand, runScript } from './consumer.js'

interface Loaded {
  readonly specifier: string
  readonly file: string
  readonly names: readonly string[]
}

let consumer: Consumer

beforeAll(async () => {
  consumer = await installPackages()
})

afterAll(async () => {
  if (consumer !== undefined) await rm(consumer.folder, { recursive: true, force: true })
})

const asEsm = (specifiers: readonly string[]) => `
  import { fileURLToPath } from 'node:url'
  const loaded = []
  for (const specifier of ${JSON.stringify(specifiers)}) {
    const names = Object.keys(await import(specifier)).filter((name) => name !== 'default')
    loaded.push({ specifier, file: fileURLToPath(import.meta.resolve(specifier)), names })
  }
  console.log(JSON.stringify(loaded))`

const asCommonJs = (specifiers: readonly string[]) => `
  const loaded = ${JSON.stringify(specifiers)}.map((specifier) =>
    ({ specifier, file: require.resolve(specifier), names: Object.keys(require(specifier)) }))
  console.log(JSON.stringify(loaded))`

const typed = (specifiers: readonly string[]) =>
  specifiers
    .map(
      (specifier, index) =>
        `import * as entry${index} from '${specifier}'\nexport type Names${index} = keyof typeof entry${index}`,
    )
    .join('\n')

/** Where a package's file lies in it: `dist` or `src`. */
const isBuilt = (file: string, specifier: string) =>
  file.startsWith(`${consumer.folder}/node_modules/${specifier.split('/')[0]}/dist/`)

it('every entry can be imported as ESM and required as CommonJS, gives the same names, and none resolves to src', async () => {
  const esm = await runScript<Loaded[]>(consumer, 'all.mjs', asEsm(consumer.specifiers))
  const commonJs = await runScript<Loaded[]>(consumer, 'all.cjs', asCommonJs(consumer.specifiers))
  expect(esm.map(({ specifier }) => specifier)).toEqual(consumer.specifiers)
  for (const [index, { specifier, file, names }] of esm.entries()) {
    expect(names, specifier).not.toEqual([])
    expect(commonJs[index]?.names.toSorted(), specifier).toEqual(names.toSorted())
    for (const resolved of [file, commonJs[index]?.file ?? '']) {
      expect(isBuilt(resolved, specifier), `${specifier} resolves to ${resolved}`).toBe(true)
    }
  }
})

it.each(['consumer.ts', 'consumer.cts'])(
  '%s compiles with the declarations checked, and reads none from src',
  async (file) => {
    const read = await compile(consumer, file, typed(consumer.specifiers))
    const ours = new Set(consumer.specifiers.map((specifier) => specifier.split('/')[0]))
    const fromUs = read.filter((path) => ours.has(/\/node_modules\/([^/]+)\//.exec(path)?.[1] ?? ''))
    expect(fromUs.length).toBeGreaterThanOrEqual(ours.size)
    expect(fromUs.filter((path) => !path.includes('/dist/'))).toEqual([])
  },
)

it('every command says how it is used', async () => {
  for (const command of consumer.commands) {
    expect(await runCommand(consumer, command, ['--help']), command).toContain(command)
  }
})
