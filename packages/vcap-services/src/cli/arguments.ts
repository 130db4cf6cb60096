import { parseArgs } from 'node:util'
import { UsageError } from './usage.js'

/** A command line, taken apart. */
export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'show'; readonly from: string | undefined }
  | {
      readonly name: 'get'
      readonly from: string | undefined
      readonly service: string
      readonly path: string | undefined
    }
  | {
      readonly name: 'exec'
      readonly from: string
      readonly all: boolean
      readonly command: readonly [string, ...string[]]
    }
  | { readonly name: 'check'; readonly file: string }

/**
 * Takes the arguments of `vcap` apart.
 *
 * @throws {UsageError}
 */
export function parseArguments(args: readonly string[]): Command {
  const end = args.indexOf('--')
  const own = end === -1 ? args : args.slice(0, end)
  const { values, positionals } = parse(own)
  const [name, ...rest] = positionals
  if (values.help === true || name === 'help' || (name === undefined && args.length === 0)) return { name: 'help' }
  const { from } = values
  if (end !== -1 && name !== 'exec') throw new UsageError('only exec takes a command behind --')
  if (values.all === true && name !== 'exec') throw new UsageError('only exec takes --all')
  switch (name) {
    case 'show':
      expectCount(name, rest, 0, 0)
      return { name, from }
    case 'get':
      expectCount(name, rest, 1, 2)
      return { name, from, service: rest[0] as string, path: rest[1] }
    case 'check':
      expectCount(name, rest, 1, 1)
      if (from !== undefined) throw new UsageError('check takes its file without --from')
      return { name, file: rest[0] as string }
    case 'exec':
      return toExec(from, values.all === true, rest, end === -1 ? [] : args.slice(end + 1))
    case undefined:
      throw new UsageError('no command was given')
    default:
      throw new UsageError(`there is no command ${JSON.stringify(name)}`)
  }
}

function toExec(from: string | undefined, all: boolean, rest: readonly string[], behind: readonly string[]): Command {
  const [program, ...args] = behind
  if (from === undefined) throw new UsageError('exec needs --from FILE')
  if (program === undefined || rest.length > 0) throw new UsageError('exec needs its command behind --')
  return { name: 'exec', from, all, command: [program, ...args] }
}

function parse(args: readonly string[]) {
  const from = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...args],
      options: { from, all: flag, help: { ...flag, short: 'h' } },
      allowPositionals: true,
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function expectCount(name: string, rest: readonly string[], least: number, most: number): void {
  if (rest.length < least) throw new UsageError(`${name} needs ${name === 'get' ? 'the NAME of a service' : 'a FILE'}`)
  if (rest.length > most) throw new UsageError(`${name} was given too much`)
}
