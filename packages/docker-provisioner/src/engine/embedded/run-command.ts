import { spawn } from 'node:child_process'
import { ProvisionerError } from '../../errors.js'
import type { ExecResult } from '../engine.js'
import type { Launch } from './service-process.js'

const maxOutputBytes = 1024 * 1024

/** Runs a command to its end; an abort kills it. A program that does not exist gives exit code 127, as in a shell. */
export function runCommand(launch: Launch, stdin: string, signal: AbortSignal): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = launch.command
    const child = spawn(program, args, {
      cwd: launch.cwd,
      env: launch.env,
      stdio: 'pipe',
      signal,
      killSignal: 'SIGKILL',
    })
    const stdout = collect(child.stdout)
    const stderr = collect(child.stderr)
    // A command that ends without reading its input breaks the pipe; its exit code is what counts.
    child.stdin.on('error', () => {})
    child.stdin.end(stdin)
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ exitCode: 127, stdout: '', stderr: `${program}: not found` })
      else reject(new ProvisionerError('ENGINE_FAILED', 'the command could not be run', { cause: error }))
    })
    child.once('close', (code, killedBy) => {
      resolve({ exitCode: code ?? (killedBy === 'SIGKILL' ? 137 : 143), stdout: stdout(), stderr: stderr() })
    })
  })
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    if (size < maxOutputBytes) chunks.push(chunk)
    size += chunk.length
  })
  return () => Buffer.concat(chunks).subarray(0, maxOutputBytes).toString('utf8')
}
