/**
 * The adapter for Node's own HTTP server and for frameworks that hand on its requests, such as Express.
 * @module
 */
export { type NodeHandler, toNodeHandler } from './node/to-node-handler.js'
