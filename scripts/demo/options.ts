import { parseArgs } from 'node:util'

export interface DemoOptions {
  readonly engine: 'docker' | 'embedded' | undefined
  readonly json: boolean
  readonly keep: boolean
}

export const usage = `Usage: npm run demo -- [--engine docker|embedded] [--json] [--keep]

Orders a service from a broker, binds it to an app, uses it and takes it all away again.

  --engine docker|embedded  the engine to use; by default Docker where it answers, else the embedded one
  --json                    print the results as JSON
  --keep                    leave the broker and the instance running and say how to call them
  --help                    print this text`

/** @throws {Error} for unknown options or values, with what to write instead */
export function readOptions(args: readonly string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      engine: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const { engine, json, keep } = values
  if (engine !== undefined && engine !== 'docker' && engine !== 'embedded')
    throw new Error(`--engine takes docker or embedded, not ${JSON.stringify(engine)}`)
  return { engine, json, keep }
}
