import type { OutStream } from './surroundings.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Whether a stream is a terminal that moves its cursor. */
export function isTerminal(stream: OutStream, env: Environment): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}

/** Colours, where the stream is a terminal and `NO_COLOR` is not set. */
export function styleFor(
  stream: OutStream,
  env: Environment,
): { readonly red: Paint; readonly green: Paint; readonly dim: Paint } {
  const noColor = env['NO_COLOR']
  const isPlain = !isTerminal(stream, env) || (noColor !== undefined && noColor !== '')
  const paint =
    (code: number): Paint =>
    (text) =>
      isPlain ? text : `\u001b[${code}m${text}\u001b[0m`
  return { red: paint(31), green: paint(32), dim: paint(2) }
}

type Paint = (text: string) => string
