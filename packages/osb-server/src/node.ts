/**
 * The adapter for Node's own HTTP server and for frameworks that hand on its requests, such as Express.
 * @module
 */
export { diagnosticsChannels, publishDiagnostics } from './node/publish-diagnostics.js'
export { type NodeHandler, toNodeHandler } from './node/to-node-handler.js'
export {
  clientCertificateAuth,
  type ClientCertificateAuthOptions,
  type ForwardedCertificates,
} from './auth/client-certificate-auth.js'
export type { ClientCertificate } from './auth/client-certificate.js'
export { hashPassword, scryptPassword } from './auth/scrypt-password.js'
