import type { Readable } from 'node:stream'
import type { CallOptions } from './call-options.js'

/** An image made from local files when it is absent. */
export interface LocalImage {
  /** With a tag that changes whenever the content does. */
  readonly reference: string
  /** An image that must be there first. */
  readonly base?: ImageSource | undefined
  /** `rootfs`: the tar becomes the only layer. `context`: the tar is a build context with a `Dockerfile`. */
  readonly kind: 'rootfs' | 'context'
  /** For `rootfs`: Dockerfile instructions to apply, such as `WORKDIR /app`. */
  readonly changes?: readonly string[] | undefined
  tar(): Readable
}

/** An image of a registry or an archive, and when it is to be fetched. */
export interface ImageRequest {
  /**
   * Such as `redis:8`; with a digest (`redis@sha256:…`) it is this content and no other. After an archive was loaded also
   * the image's id (`sha256:…`).
   */
  readonly reference: string
  /** `missing`: fetch it when it is not there; `always`: before each use; `never`: it has to be there. Default: `missing`. */
  readonly policy?: 'missing' | 'always' | 'never' | undefined
  /** A file that `docker save` wrote, plain or packed by gzip, bzip2 or xz; taken in place of the registry. */
  readonly archive?: string | undefined
  /** Login of the registry. */
  readonly login?: { readonly username: string; readonly password: string } | undefined
}

/** A reference such as `redis:8`, the same with a policy, or a function that describes an image made from local files. */
export type ImageSource = string | ImageRequest | (() => Promise<LocalImage>)

/** Bounds of fetching an image. */
export interface ImageCall extends CallOptions {
  /** Is told how far it is, at most once a second, for people. */
  readonly onProgress?: ((text: string) => void) | undefined
}
