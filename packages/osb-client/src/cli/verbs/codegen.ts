import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { generateCatalogClient } from '../../generator/generate-catalog-client.js'
import { catalogSourceDetails, readCheckedCatalog } from '../catalog-source.js'
import { CliError, usageError } from '../cli-error.js'
import { defineVerb } from '../verb.js'

export const verb = defineVerb({
  arguments: '[SOURCE]',
  options: { out: { type: 'string', short: 'o', value: 'FILE', help: 'write it to a file' } },
  details: `Writes TypeScript for one broker: its offerings, plans and parameters as types, and a client that knows them by\nname. The same catalog gives the same bytes.\n${catalogSourceDetails}`,
  example: 'osb codegen http://127.0.0.1:8080 -o src/broker.generated.ts',
  async run(context) {
    const source = generate(await readCheckedCatalog(context, context.args[0]))
    const { out } = context.values
    if (out === undefined) return { json: { source }, text: source }
    try {
      writeFileSync(resolve(context.cwd, out), source)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw usageError(`${out} cannot be written (${code})`, 'Give another -o FILE, or none for the output.')
    }
    return { json: { file: out }, text: `${out} is written\n` }
  },
})

function generate(catalog: Parameters<typeof generateCatalogClient>[0]): string {
  try {
    return generateCatalogClient(catalog)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new CliError('INVALID_CATALOG', error.message, 'Run "osb lint" to see all that is wrong with it.')
  }
}
