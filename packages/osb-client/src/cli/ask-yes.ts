import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { Surroundings } from './surroundings.js'

/** Whether somebody sits at a terminal who can be asked. */
export function canAsk({ stdin, stderr }: Pick<Surroundings, 'stdin' | 'stderr'>): boolean {
  return stderr.isTTY === true && stdin().isTTY === true
}

/** Asks on the terminal; only `y` and `yes` are one. */
export async function askYes(
  { stdin, stderr, signal }: Pick<Surroundings, 'stdin' | 'stderr' | 'signal'>,
  question: string,
): Promise<boolean> {
  stderr.write(`${question} [y/N] `)
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      stderr.write(String(chunk))
      done()
    },
  })
  const lines = createInterface({ input: stdin() as NodeJS.ReadableStream, output, terminal: false })
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason as Error)
      signal.addEventListener('abort', onAbort, { once: true })
      // The input may end without an answer.
      lines.once('close', () => resolve(''))
      lines.once('line', (line) => {
        signal.removeEventListener('abort', onAbort)
        resolve(line)
      })
    })
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}
