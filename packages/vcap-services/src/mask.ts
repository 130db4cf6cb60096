const hide = { value: () => '[hidden]' }

// A prototype, and not two properties on each copy: those cost as much as parsing the whole document.
const hidden: object = Object.create(Object.prototype, {
  toJSON: hide,
  [Symbol.for('nodejs.util.inspect.custom')]: hide,
}) as object

/**
 * A shallow copy that logs and JSON show as `[hidden]`. Its fields read as before, and a spread (`{ ...copy }`) is an
 * ordinary object again.
 */
export function mask<Fields extends object>(record: Fields): Fields {
  return { __proto__: hidden, ...record }
}
