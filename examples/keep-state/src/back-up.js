import Database from 'libsql'

/**
 * Copies the file of a broker, which may be running, as it is at one moment.
 * @param {string} file
 * @param {string} copy a file that is not there yet
 */
export function backUp(file, copy) {
  const database = new Database(file, { readonly: true, timeout: 5_000 })
  try {
    database.prepare('vacuum into ?').run(copy)
  } finally {
    database.close()
  }
}
