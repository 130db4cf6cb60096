import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { VerbContext } from './verb.js'

/** Asks on the terminal, and shows nothing of what is typed. */
export async function askPassword({ stderr, stdin, signal }: VerbContext, question: string): Promise<string> {
  stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin() as NodeJS.ReadableStream, output: silent, terminal: true })
  // The terminal is in raw mode now, where Ctrl-C is a character.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return await new Promise<string>((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason as Error)
      signal.addEventListener('abort', onAbort, { once: true })
      lines.question('', { signal }, (answer) => {
        signal.removeEventListener('abort', onAbort)
        resolve(answer)
      })
    })
  } finally {
    lines.close()
    stderr.write('\n')
  }
}
