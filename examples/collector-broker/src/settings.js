/**
 * @typedef {object} Settings
 * @property {string} folder where the broker keeps its state
 * @property {string} username
 * @property {string} password
 * @property {string} encryptionKey 32 bytes as base64 or hex
 * @property {string} host
 * @property {number} port 0 takes any free port
 * @property {'docker' | 'embedded' | undefined} engine undefined takes Docker where it answers
 */

/**
 * Reads the settings from the environment, where others on the machine do not see them as they would see arguments.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Settings}
 */
export function readSettings(env) {
  const needed = (/** @type {string} */ name) => {
    const value = env[name]
    if (!value) throw new Error(`set ${name} in the environment`)
    return value
  }
  const engine = env['BROKER_ENGINE']
  if (engine !== undefined && engine !== 'docker' && engine !== 'embedded')
    throw new Error('BROKER_ENGINE must be docker or embedded')
  const port = Number(env['PORT'] ?? '8080')
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error('PORT must be a port number')
  return {
    folder: env['BROKER_FOLDER'] ?? '.broker',
    username: needed('BROKER_USERNAME'),
    password: needed('BROKER_PASSWORD'),
    encryptionKey: needed('BROKER_ENCRYPTION_KEY'),
    host: env['HOST'] ?? '127.0.0.1',
    port,
    engine,
  }
}
