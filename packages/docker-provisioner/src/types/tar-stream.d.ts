/** The part of tar-stream that we use. */
declare module 'tar-stream' {
  import type { Readable, Writable } from 'node:stream'

  interface Header {
    name: string
    mode?: number
    uid?: number
    gid?: number
    size?: number
    mtime?: Date
    type?: 'file' | 'directory' | 'symlink'
    linkname?: string
  }

  interface Pack extends Readable {
    entry(header: Header, content: string | Buffer): void
    entry(header: Header, callback: (error?: Error | null) => void): Writable
    entry(header: Header): Writable
    finalize(): void
  }

  export function pack(): Pack
}
